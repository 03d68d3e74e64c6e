import type { Readable, Writable } from 'node:stream';
import { SPEECH_RATE } from '../../inference/protocol/task-models.ts';
import { SPEECH_PER_MS } from '../audio.ts';
import { startFfmpeg } from './ffmpeg.ts';
import { FileError } from './file-error.ts';

/** FFmpeg's names for WAV, MP3, Ogg, WebM and FLAC. Playlists, which name other files, are no recordings. */
const FORMATS = 'wav,mp3,ogg,matroska,webm,flac';
const BYTES = Float32Array.BYTES_PER_ELEMENT;

export interface DecodeOptions {
  readonly ffmpeg: string;
  /** Longest recording. */
  readonly maxAudioMs: number;
}

/**
 * A recording as 16 kHz mono, -1 to 1, of its first sound track, in pieces of about a second. It is
 * read no faster than the samples are taken. Rejects with a FileError 'unsupported' when there is no
 * sound in it, 'tooLarge' when there is too much, and with the signal's reason.
 */
export async function* decode(
  recording: Readable,
  { ffmpeg: program, maxAudioMs }: DecodeOptions,
  signal: AbortSignal,
): AsyncGenerator<Float32Array, void, undefined> {
  await using ffmpeg = startFfmpeg(program, argumentsFor(maxAudioMs), signal);
  feed(recording, ffmpeg.stdin);
  let samples = 0;
  for await (const piece of floatsOf(ffmpeg.stdout)) {
    samples += piece.length;
    if (samples / SPEECH_PER_MS > maxAudioMs) {
      const minutes = Math.floor(maxAudioMs / 60_000);
      throw new FileError('tooLarge', `the recording is longer than ${minutes} minutes`);
    }
    yield piece;
  }
  await ffmpeg.ended;
  signal.throwIfAborted();
  if (samples > 0) return;
  throw new FileError(
    'unsupported',
    'no sound can be read from this; WAV, MP3, Ogg, WebM and FLAC can be',
  );
}

function argumentsFor(maxAudioMs: number): readonly string[] {
  return [
    ...['-protocol_whitelist', 'pipe', '-format_whitelist', FORMATS],
    ...['-probesize', '1000000', '-analyzeduration', '5000000', '-threads', '1'],
    ...['-i', 'pipe:0', '-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1'],
    // One second more than is taken, so that too long is told from just long enough.
    ...['-t', String(Math.ceil(maxAudioMs / 1000) + 1)],
    ...['-ac', '1', '-ar', String(SPEECH_RATE), '-f', 'f32le', 'pipe:1'],
  ];
}

/**
 * What is not wanted any more is let go rather than broken off: the connection that the recording comes
 * by still takes the answer. One that breaks off by itself ends there.
 */
function feed(recording: Readable, into: Writable): void {
  recording.pipe(into);
  into.once('close', () => {
    recording.unpipe(into).resume();
  });
  recording.once('close', () => {
    if (!recording.readableEnded) into.end();
  });
}

/** Little-endian floats, however the stream cuts them. */
async function* floatsOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Float32Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = all.length - (all.length % BYTES);
    rest = all.subarray(whole);
    if (whole === 0) continue;
    const aligned = new Uint8Array(all.subarray(0, whole));
    yield new Float32Array(aligned.buffer, 0, whole / BYTES);
  }
}
