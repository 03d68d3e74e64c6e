import type { MediaToServer, SpeakerKey } from '../messages.ts';
import type { Report } from './ports.ts';

type State = Extract<MediaToServer, { type: 'translation-state' }>['state'];

/**
 * How one speaker's words fare on the way to one language: interpreting from the first word of an
 * utterance, speaking while its voice is played, idle when nothing is left to say. What was lost
 * shows once nothing else does, until the next success: `failed` when there was no translation,
 * `voiceless` when it can only be read.
 */
export class TranslationStatus {
  readonly #speaker: SpeakerKey;
  readonly #language: string;
  readonly #report: Report;
  #open = 0;
  #playing = 0;
  #lost: 'failed' | 'voiceless' | undefined;
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

  /** Its voice is heard from now on; it will need `ended`. Without a lag, that of before stays. */
  speaking(lagMs = this.#lagMs): void {
    this.#playing += 1;
    this.#lagMs = lagMs;
    this.#update(true);
  }

  /** `voiceless`: the rest of it could not be spoken. */
  ended(outcome: 'done' | 'voiceless' = 'done'): void {
    this.#playing -= 1;
    this.#lost = outcome === 'done' ? undefined : outcome;
    this.#update();
  }

  /** An utterance needs nothing more. */
  settled(outcome: 'done' | 'failed' | 'voiceless'): void {
    this.#open -= 1;
    this.#lost = outcome === 'done' ? undefined : outcome;
    this.#update();
  }

  get #state(): State {
    if (this.#playing > 0) return 'speaking';
    if (this.#open > 0) return 'interpreting';
    return this.#lost ?? 'idle';
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
