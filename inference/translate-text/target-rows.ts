import { LogitsProcessor, type Tensor } from '@huggingface/transformers';

/** The start token and the language. */
const PREFIX = 2;

/**
 * Lets rows that are written at once be of different languages: behind the start token each begins with
 * its own. And keeps a row ended that has ended before others: transformers.js goes on until all have
 * written their end in the same step.
 */
export class TargetRows extends LogitsProcessor {
  readonly #languages: readonly number[];
  readonly #end: number;

  /** `languages`: a token for each row. */
  constructor(languages: readonly number[], end: number) {
    super();
    this.#languages = languages;
    this.#end = end;
  }

  /** `rows`: what has been written; `logits`: what may come next, [rows, tokens]. */
  override _call(rows: readonly (readonly bigint[])[], logits: Tensor): Tensor {
    const { data } = logits;
    if (!(data instanceof Float32Array)) throw new TypeError('the logits are not float32');
    const tokens = data.length / rows.length;
    for (const [index, row] of rows.entries()) {
      const only = this.#only(index, row);
      if (only === undefined) continue;
      const next = data.subarray(index * tokens, (index + 1) * tokens);
      next.fill(Number.NEGATIVE_INFINITY);
      next[only] = 0;
    }
    return logits;
  }

  /** The token that must come next; undefined where the model chooses. */
  #only(index: number, row: readonly bigint[]): number | undefined {
    if (row.length < PREFIX) return this.#languages[index];
    return row.includes(BigInt(this.#end), PREFIX) ? this.#end : undefined;
  }
}
