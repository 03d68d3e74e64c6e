import { InferenceError } from './protocol/inference-error.ts';

/** What a sequence holds while it is open. */
export interface Held {
  /** Called once, when the sequence is given up instead of ended. */
  forget(): Promise<void>;
}

export interface SequencesOptions<T extends Held> {
  readonly open: (sequence: number) => T;
  /** A sequence of which nothing was heard for so long is given up. */
  readonly idleMs: number;
  readonly onCount: (open: number) => void;
  readonly onIdle: () => void;
}

interface Sequence<T> {
  readonly held: T;
  last: Promise<unknown>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The open sequences: parts of one are worked on in the order they came, and what it holds is freed
 * however it ends. A part that fails, or whose asker goes away, ends its sequence.
 */
export class Sequences<T extends Held> implements AsyncDisposable {
  readonly #options: SequencesOptions<T>;
  readonly #open = new Map<number, Sequence<T>>();

  constructor(options: SequencesOptions<T>) {
    this.#options = options;
  }

  /** A `start` gives up an open sequence of the same number; another part needs an open one. */
  async part<R>(
    { sequence, start, end }: { sequence: number; start: boolean; end: boolean },
    work: (held: T) => Promise<R>,
    signal: AbortSignal,
  ): Promise<R> {
    const open = start ? this.#begin(sequence) : this.#open.get(sequence);
    if (!open) throw new InferenceError('badRequest', `sequence ${sequence} has not been started`);
    clearTimeout(open.timer);
    const turn = open.last.then(() => {
      signal.throwIfAborted();
      if (this.#open.get(sequence) !== open) {
        throw new InferenceError('badRequest', `sequence ${sequence} has been given up`);
      }
      return work(open.held);
    });
    open.last = turn.catch(() => undefined);
    const abandon = () => {
      void this.#forget(sequence, open);
    };
    signal.addEventListener('abort', abandon, { once: true });
    try {
      const result = await turn;
      if (end) this.#remove(sequence, open);
      else this.#watch(sequence, open);
      return result;
    } catch (error) {
      await this.#forget(sequence, open);
      throw error;
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }

  /** Gives up a sequence that nobody wants any more; false when there is no such. */
  async abandon(sequence: number): Promise<boolean> {
    const open = this.#open.get(sequence);
    await this.#forget(sequence, open);
    return open !== undefined;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((sequence) => this.#forget(sequence)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #begin(sequence: number): Sequence<T> {
    const last = this.#forget(sequence);
    const open: Sequence<T> = { held: this.#options.open(sequence), last, timer: undefined };
    this.#open.set(sequence, open);
    this.#options.onCount(this.#open.size);
    return open;
  }

  #watch(sequence: number, open: Sequence<T>): void {
    clearTimeout(open.timer);
    if (this.#open.get(sequence) !== open) return;
    open.timer = setTimeout(() => {
      this.#options.onIdle();
      void this.#forget(sequence, open);
    }, this.#options.idleMs);
  }

  #remove(sequence: number, open: Sequence<T>): boolean {
    clearTimeout(open.timer);
    if (this.#open.get(sequence) !== open) return false;
    this.#open.delete(sequence);
    this.#options.onCount(this.#open.size);
    return true;
  }

  /** Gives up `which`, or whatever is open under the number. */
  async #forget(sequence: number, which = this.#open.get(sequence)): Promise<void> {
    if (which && this.#remove(sequence, which)) await which.held.forget();
  }
}
