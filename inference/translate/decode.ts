import type { Decoder, Listening, Memory } from './decoder.ts';
import { stuckTokens } from './repetition.ts';

/** One text to be written: a transcript, or a translation. */
export interface Row {
  readonly prompt: readonly number[];
  /** What the text begins with, because it was committed before. */
  readonly prefix: readonly number[];
  /** Most tokens, of prompt, prefix and text together. */
  readonly most: number;
}

/**
 * Why a text ended: the model ended it, it reached its most tokens, the model was stuck in a
 * repetition (which was cut off), or nobody wanted it any more.
 */
export type Ending = 'end' | 'most' | 'stuck' | 'cancelled';

export interface Text {
  /** The prefix and what was written after it, without the end token. */
  readonly tokens: readonly number[];
  /** Mean natural log of the probabilities of what was written, its end included; 0 of nothing. */
  readonly logprob: number;
  readonly ending: Ending;
}

/**
 * Writes all rows at once, token by token, each time the likeliest (greedy search, by which NeMo
 * measures these models). A row that has ended is fed end tokens, which its neighbours do not see.
 *
 * The first run takes as many tokens as all rows know; where prefixes differ in length, what remains
 * of the longer ones is fed in place of the model's own choice. So every row sees what it would alone.
 */
export async function decode(
  decoder: Decoder,
  { listening, rows, end }: { listening: Listening; rows: readonly Row[]; end: number },
  cancelled: AbortSignal,
): Promise<readonly Text[]> {
  const writers = rows.map((row) => new Writer(row, end));
  let fed = Math.min(...writers.map(({ known }) => known.length));
  let memory: Memory | undefined;
  while (writers.some((writer) => writer.ending === undefined) && !cancelled.aborted) {
    if (memory === undefined) {
      const first = writers.map(({ known }) => known.slice(0, fed));
      memory = await decoder.begin(listening, first);
    } else {
      const next = writers.map((writer) => writer.at(fed));
      memory = await decoder.step(listening, memory, next);
      fed += 1;
    }
    const width = memory.logits.length / rows.length;
    for (const [index, writer] of writers.entries()) {
      writer.hear(fed, memory.logits.subarray(index * width, (index + 1) * width));
    }
  }
  return writers.map((writer) => writer.text());
}

class Writer {
  /** Prompt, prefix, and what has been written. */
  readonly known: number[];
  ending: Ending | undefined;
  readonly #row: Row;
  readonly #end: number;
  #logprob = 0;
  #scored = 0;

  constructor(row: Row, end: number) {
    this.#row = row;
    this.#end = end;
    this.known = [...row.prompt, ...row.prefix];
    if (this.known.length >= row.most) this.ending = 'most';
  }

  /** The token at a position. */
  at(position: number): number {
    return this.known[position] ?? this.#end;
  }

  /** What the model would have at `position`; taken where nothing is known yet. */
  hear(position: number, logits: Float32Array): void {
    if (this.ending !== undefined || position < this.known.length) return;
    const token = likeliest(logits);
    this.#logprob += logits[token] ?? 0;
    this.#scored += 1;
    if (token === this.#end) {
      this.ending = 'end';
      return;
    }
    this.known.push(token);
    const { prompt, prefix, most } = this.#row;
    const stuck = stuckTokens(this.known.slice(prompt.length));
    if (stuck > 0) {
      this.known.length = Math.max(this.known.length - stuck, prompt.length + prefix.length);
      this.ending = 'stuck';
    } else if (this.known.length >= most) this.ending = 'most';
  }

  text(): Text {
    return {
      tokens: this.known.slice(this.#row.prompt.length),
      logprob: this.#scored === 0 ? 0 : this.#logprob / this.#scored,
      ending: this.ending ?? 'cancelled',
    };
  }
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token += 1) {
    if ((logits[token] ?? 0) > (logits[best] ?? 0)) best = token;
  }
  return best;
}
