import type { MediaToServer, SpeakerKey } from '../messages.ts';
import type { Report } from './ports.ts';

type State = Extract<MediaToServer, { type: 'translation-state' }>['state'];

/**
 * How one speaker's words fare on the way to one language: interpreting from the first word of an
 * utterance, speaking while its voice is played, idle when nothing is left to say. A failure shows
 * once nothing else does, until the next success.
 */
export class TranslationStatus {
  readonly #speaker: SpeakerKey;
  readonly #language: string;
  readonly #report: Report;
  #open = 0;
  #playing = 0;
  #failed = false;
  #lagMs: number | undefined;
  #reported: State = 'idle';

  constructor(speaker: SpeakerKey, language: string, report: Report) {
    this.#speaker = speaker;
    this.#language = language;
    this.#report = report;
  }

  /** An utterance has begun that will need `settled`. */
  began(): void {
    this.#open += 1;
    this.#update();
  }

  /** Its voice is heard from now on; it will need `ended`. */
  speaking(lagMs: number): void {
    this.#playing += 1;
    this.#lagMs = lagMs;
    this.#update(true);
  }

  ended(): void {
    this.#playing -= 1;
    this.#update();
  }

  /** An utterance needs nothing more. */
  settled(outcome: 'done' | 'failed'): void {
    this.#open -= 1;
    this.#failed = outcome === 'failed';
    this.#update();
  }

  get #state(): State {
    if (this.#playing > 0) return 'speaking';
    if (this.#open > 0) return 'interpreting';
    return this.#failed ? 'failed' : 'idle';
  }

  #update(always = false): void {
    const state = this.#state;
    if (state === this.#reported && !always) return;
    this.#reported = state;
    this.#report({
      type: 'translation-state',
      speaker: this.#speaker,
      language: this.#language,
      state,
      ...(this.#lagMs !== undefined && { lagMs: this.#lagMs }),
    });
  }
}
