import type { CaptionEvent } from '../../server/protocol/events.ts';
import type { HearChoice } from '../../server/protocol/ids.ts';
import { applyCaption, keepLanguage, mergeHistory } from './caption-lines.ts';

/** The conversation as it is read. */
export class Captions {
  #lines: readonly CaptionEvent[] = $state.raw([]);

  get lines(): readonly CaptionEvent[] {
    return this.#lines;
  }

  /** The latest change known; what the server is told on coming back. */
  get revision(): number | undefined {
    return this.#lines.length === 0
      ? undefined
      : Math.max(...this.#lines.map(({ revision }) => revision));
  }

  apply(caption: CaptionEvent): void {
    this.#lines = applyCaption(this.#lines, caption);
  }

  changeLanguage(hear: HearChoice): void {
    this.#lines = keepLanguage(this.#lines, hear);
  }

  merge(history: readonly CaptionEvent[]): void {
    this.#lines = mergeHistory(this.#lines, history);
  }

  clear(): void {
    this.#lines = [];
  }
}
