import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { VOICE_RATE } from '../audio.ts';
import { startFfmpeg } from './ffmpeg.ts';
import { FileError } from './file-error.ts';

/** Sample rate of a WAV: all that a voice has, at half the size. */
const WAV_RATE = 24_000;
const WAV_HEADER_BYTES = 44;

/** How a form of file is written, and its media type. */
export const FORMATS = {
  wav: { type: 'audio/wav', codec: ['-ar', String(WAV_RATE), '-f', 's16le'] },
  mp3: { type: 'audio/mpeg', codec: ['-c:a', 'libmp3lame', '-b:a', '96k', '-f', 'mp3'] },
  ogg: { type: 'audio/ogg', codec: ['-c:a', 'libopus', '-b:a', '48k', '-f', 'ogg'] },
  webm: { type: 'audio/webm', codec: ['-c:a', 'libopus', '-b:a', '48k', '-f', 'webm'] },
  flac: { type: 'audio/flac', codec: ['-c:a', 'flac', '-sample_fmt', 's16', '-f', 'flac'] },
} as const;
export type Format = keyof typeof FORMATS;

/**
 * A voice (48 kHz, mono) as a file of the form asked for. A WAV says in its beginning how long it is
 * and so comes as a whole; the others come as they are spoken. Rejects with what the voice rejects
 * with, or the signal's reason.
 */
export async function* encode(
  voice: AsyncIterable<Float32Array>,
  format: Format,
  { ffmpeg: program, signal }: { readonly ffmpeg: string; readonly signal: AbortSignal },
): AsyncGenerator<Buffer, void, undefined> {
  const encoded = compress(voice, FORMATS[format].codec, program, signal);
  if (format !== 'wav') {
    yield* encoded;
    return;
  }
  const samples: Buffer[] = [];
  for await (const chunk of encoded) samples.push(chunk);
  const length = samples.reduce((sum, chunk) => sum + chunk.length, 0);
  yield wavHeader(length);
  yield* samples;
}

async function* compress(
  voice: AsyncIterable<Float32Array>,
  codec: readonly string[],
  program: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const raw = ['-protocol_whitelist', 'pipe', '-f', 'f32le', '-ar', String(VOICE_RATE)];
  const args = [...raw, '-ac', '1', '-i', 'pipe:0', '-threads', '1', ...codec, 'pipe:1'];
  await using ffmpeg = startFfmpeg(program, args, signal);
  let fault: Error | undefined;
  const fed = pipeline(Readable.from(bytesOf(voice)), ffmpeg.stdin, { signal }).catch(
    (error: unknown) => {
      fault = error instanceof Error ? error : new Error(String(error));
    },
  );
  for await (const chunk of ffmpeg.stdout) yield Buffer.from(chunk as Uint8Array);
  await fed;
  signal.throwIfAborted();
  if (fault !== undefined) throw fault;
  if (!(await ffmpeg.ended)) throw new FileError('internal', 'the voice could not be written');
}

async function* bytesOf(voice: AsyncIterable<Float32Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, byteLength } of voice) {
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}

/** RIFF header of 16-bit mono (Multimedia Programming Interface 1.0, 1991). */
function wavHeader(bytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(WAV_RATE, 24);
  header.writeUInt32LE(WAV_RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  return header;
}
