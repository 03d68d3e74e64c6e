/** Fewer tokens than this may repeat themselves as they like: "no, no, no". */
const LEAST = 8;

/** How often a pattern of so many tokens comes before it counts as stuck: NeMo's guard. */
const STUCK: readonly { readonly pattern: number; readonly times: number }[] = [
  { pattern: 1, times: 5 },
  { pattern: 2, times: 3 },
  { pattern: 3, times: 3 },
];

/**
 * How many tokens at the end of a text say again what came right before them, once a model is stuck
 * in a pattern of one to three tokens; 0 while it is not. Without them the pattern is left once.
 */
export function stuckTokens(tokens: readonly number[]): number {
  if (tokens.length < LEAST) return 0;
  for (const { pattern, times } of STUCK) {
    const repeated = pattern * (times - 1);
    const tail = tokens.slice(-repeated);
    const before = tokens.slice(-repeated - pattern, -pattern);
    if (tail.every((token, index) => token === before[index])) return repeated;
  }
  return 0;
}
