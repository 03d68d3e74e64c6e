/**
 * Numbers of the standard normal distribution, the same for the same seed, so that a text sounds the
 * same whenever it is said and a voice does not change from phrase to phrase. Marsaglia's xorshift
 * (Journal of Statistical Software 8/14, 2003) through the transform of Box and Muller (1958).
 */
export function normalNoise(length: number, seed: number): Float32Array {
  let state = seed | 0 || 1;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 0x1_0000_0000;
  };
  const noise = new Float32Array(length);
  for (let at = 0; at < length; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    noise[at] = radius * Math.cos(angle);
    // Beyond the end of an odd length this is left out.
    noise[at + 1] = radius * Math.sin(angle);
  }
  return noise;
}
