import { SPEECH_PER_MS } from '../audio.ts';
import type { StageMeter } from '../stage.ts';
import type { Window } from '../vad/windows.ts';

/** What a speaker's recogniser hears, in order. */
export type Heard =
  | {
      readonly type: 'window';
      readonly window: Window;
      /** True when speech right before this window was dropped; then it does not follow either. */
      readonly skipped: boolean;
    }
  /** The utterance under way ends here; what follows is in `language`. */
  | { readonly type: 'cut'; readonly language: string };

/**
 * The border between packets, which come when they come, and recognition, which takes its time. It
 * holds a bounded time of audio; beyond it the oldest is dropped and the place is marked. Cuts are
 * never dropped.
 */
export class SpeechQueue {
  readonly #boundSamples: number;
  readonly #meter: StageMeter;
  #items: Heard[] = [];
  #samples = 0;
  #skipped = false;
  #wake: (() => void) | undefined;

  constructor(boundMs: number, meter: StageMeter) {
    this.#boundSamples = boundMs * SPEECH_PER_MS;
    this.#meter = meter;
  }

  get waitingMs(): number {
    return this.#samples / SPEECH_PER_MS;
  }

  push(window: Window): void {
    this.#meter.in();
    this.#samples += window.samples.length;
    this.#items.push({ type: 'window', window, skipped: false });
    while (this.#samples > this.#boundSamples) this.#dropOldest();
    this.#wake?.();
  }

  cut(language: string): void {
    this.#items.push({ type: 'cut', language });
    this.#wake?.();
  }

  /** For one reader. Ends when the signal aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<Heard, void, undefined> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const item = this.#items.shift();
        if (item === undefined) await this.#arrival();
        else yield this.#taken(item);
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #taken(item: Heard): Heard {
    if (item.type === 'cut') return item;
    this.#meter.out(1);
    this.#samples -= item.window.samples.length;
    if (!this.#skipped) return item;
    this.#skipped = false;
    return { type: 'window', window: { ...item.window, follows: false }, skipped: true };
  }

  #dropOldest(): void {
    const index = this.#items.findIndex((item) => item.type === 'window');
    const [dropped] = this.#items.splice(index, 1);
    if (dropped?.type !== 'window') return;
    this.#samples -= dropped.window.samples.length;
    this.#skipped = true;
    this.#meter.drop('oldest');
  }
}
