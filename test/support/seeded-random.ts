/**
 * Numbers from 0 to 1 that are the same for the same seed: Marsaglia's xorshift with 32 bits of
 * state (Journal of Statistical Software 8/14, 2003), good enough to schedule a bad network.
 */
export function seededRandom(seed: number): () => number {
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
