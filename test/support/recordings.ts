import { execFileSync } from 'node:child_process';

/** A WAV of silence and tones, in turns of so many milliseconds; it begins with silence. */
export function tones(...turnsMs: readonly number[]): Uint8Array {
  const sources = turnsMs.map((ms, index) =>
    index % 2 === 0
      ? `anullsrc=r=16000:cl=mono:d=${ms / 1000}[s${index}]`
      : `sine=f=300:r=16000:d=${ms / 1000}[s${index}]`,
  );
  const inputs = turnsMs.map((_, index) => `[s${index}]`).join('');
  const graph = `${sources.join(';')};${inputs}concat=n=${turnsMs.length}:v=0:a=1[out]`;
  return ffmpeg(['-filter_complex', graph, '-map', '[out]', '-c:a', 'pcm_s16le', '-f', 'wav']);
}

const ENCODINGS = {
  wav: ['-f', 'wav'],
  mp3: ['-f', 'mp3'],
  ogg: ['-c:a', 'libopus', '-f', 'ogg'],
  webm: ['-c:a', 'libopus', '-f', 'webm'],
  flac: ['-f', 'flac'],
} as const;

/** A WAV as another kind of file, in stereo at 44.1 kHz where the kind allows it. */
export function encodedAs(kind: keyof typeof ENCODINGS, wav: Uint8Array): Uint8Array {
  const rate = kind === 'ogg' || kind === 'webm' ? '48000' : '44100';
  return ffmpeg(['-i', 'pipe:0', '-ac', '2', '-ar', rate, ...ENCODINGS[kind]], wav);
}

/** Duration in milliseconds, as FFmpeg's own reader finds it in the samples. */
export function durationMs(file: Uint8Array): number {
  return ffmpeg(['-i', 'pipe:0', '-ac', '1', '-ar', '16000', '-f', 's16le'], file).length / 32;
}

function ffmpeg(args: readonly string[], input: Uint8Array = new Uint8Array()): Uint8Array {
  return execFileSync('ffmpeg', ['-loglevel', 'error', ...args, 'pipe:1'], {
    input,
    maxBuffer: 2 ** 30,
  });
}
