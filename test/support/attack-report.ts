import type { RunDetails } from 'fast-check';

/** For runs whose counterexamples are too long to print: their seed and path find them again. */
export function seedAndPath<T>(run: RunDetails<T>): Promise<void> {
  if (!run.failed) return Promise.resolve();
  const where = `seed ${run.seed}, path ${run.counterexamplePath ?? 'none'}`;
  return Promise.reject(new Error(where, { cause: run.errorInstance }));
}
