/** A sine wave of amplitude 0.3, `ms` long. */
export function tone(ms: number, sampleRate: number, hertz = 300): Float32Array {
  return Float32Array.from(
    { length: Math.round((ms * sampleRate) / 1000) },
    (_, at) => 0.3 * Math.sin((2 * Math.PI * hertz * at) / sampleRate),
  );
}

export function silence(ms: number, sampleRate: number): Float32Array {
  return new Float32Array(Math.round((ms * sampleRate) / 1000));
}

/** Root of the mean square: 0.21 for `tone`, 0 for silence. */
export function level(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

export function join(...pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** How far two recordings are apart, as a share of the first one's level: 0 when they are the same. */
export function difference(expected: Float32Array, actual: Float32Array): number {
  const error = expected.map((sample, at) => sample - (actual[at] ?? 0));
  return level(error) / level(expected);
}
