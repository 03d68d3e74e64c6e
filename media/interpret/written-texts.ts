import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type { Clock } from '../clock.ts';
import type { WrittenText } from '../messages.ts';
import type { MediaOptions } from '../options.ts';
import { measuredCall } from '../stage.ts';
import type { StageMeter } from '../stage.ts';
import type { TextEngine } from './ports.ts';

export interface WrittenTextsParts {
  readonly engine: TextEngine;
  readonly options: Pick<MediaOptions, 'textQueue' | 'textTimeoutMs'>;
  readonly meter: StageMeter;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * What people write, on its way through the engine. So many texts may be under way; the next is
 * refused, because whoever wrote it can send it again.
 */
export class WrittenTexts {
  readonly #parts: WrittenTextsParts;
  readonly #closing = new AbortController();
  #underWay = 0;

  constructor(parts: WrittenTextsParts) {
    this.#parts = parts;
  }

  /** In the order of the targets. Rejects with an InferenceError. */
  async translate({ text, source, targets }: WrittenText): Promise<readonly string[]> {
    const { meter, clock } = this.#parts;
    return measuredCall(() => this.#ask({ text, source, targets }), meter, clock, reasonOf);
  }

  /** Ends those under way. */
  close(): void {
    this.#closing.abort(new InferenceError('unavailable', 'the media process is stopping'));
  }

  async #ask(text: WrittenText): Promise<readonly string[]> {
    const { engine, options } = this.#parts;
    this.#closing.signal.throwIfAborted();
    if (this.#underWay >= options.textQueue) {
      throw new InferenceError('overloaded', 'too many texts are waiting');
    }
    this.#underWay += 1;
    const late = AbortSignal.timeout(options.textTimeoutMs);
    try {
      const signal = AbortSignal.any([this.#closing.signal, late]);
      return (await engine.text(text, signal)).translations;
    } catch (error) {
      if (late.aborted) throw new InferenceError('failed', 'the text took too long');
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof InferenceError ? error.code : 'aborted';
