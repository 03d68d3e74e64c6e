import type { CaptionEvent } from '../../server/protocol/events.ts';
import type { HearChoice } from '../../server/protocol/ids.ts';
import { addMissing, applyCaption, keepLanguage, mergeHistory } from './caption-lines.ts';

/** The conversation as it is read. */
export class Captions {
  #lines: readonly CaptionEvent[] = $state.raw([]);
  #finished: readonly CaptionEvent[] = $state.raw([]);
  /** Whether all that the server has kept of it is here. */
  whole = false;

  get lines(): readonly CaptionEvent[] {
    return this.#lines;
  }

  /** Those that are final: changes seldom, while `lines` change with every word. */
  get finished(): readonly CaptionEvent[] {
    return this.#finished;
  }

  /** The latest change known; what the server is told on coming back. */
  get revision(): number | undefined {
    return this.#lines.length === 0
      ? undefined
      : Math.max(...this.#lines.map(({ revision }) => revision));
  }

  apply(caption: CaptionEvent): void {
    this.#lines = applyCaption(this.#lines, caption);
    if (caption.final) this.#finish();
  }

  changeLanguage(hear: HearChoice): void {
    this.#lines = keepLanguage(this.#lines, hear);
  }

  merge(history: readonly CaptionEvent[]): void {
    this.#lines = mergeHistory(this.#lines, history);
    this.#finish();
  }

  /** Lines from before the page was loaded; asked for once. */
  addMissing(found: readonly CaptionEvent[]): void {
    this.whole = true;
    this.#lines = addMissing(this.#lines, found);
    this.#finish();
  }

  clear(): void {
    this.whole = false;
    this.#lines = [];
    this.#finish();
  }

  #finish(): void {
    this.#finished = this.#lines.filter(({ final }) => final);
  }
}
