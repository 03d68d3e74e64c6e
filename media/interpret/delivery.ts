import type { PhraseObserver } from '../egress/ports.ts';
import type { TranslationStatus } from './translation-status.ts';
import type { VoiceTrace } from './utterance-trace.ts';

/** One utterance's translation, to be spoken. */
export interface SpokenText {
  readonly text: string;
  /** Monotonic. */
  readonly speechEndedAt: number;
  readonly recognisedAt: number;
  /** Set when it was said before in other words: nobody has waited for it, so there is no lag. */
  readonly again?: true;
  readonly status: TranslationStatus;
  /** It could not be spoken, or not all of it. */
  readonly unspoken: () => void;
  readonly trace: VoiceTrace;
}

/** Why something is not heard: no room or no time, or it could not be made. */
export type Loss = 'skipped' | 'failed';

export interface DeliveryEvents {
  /** A first phrase of it, made at `voicedAt`, is heard from `at` on. */
  readonly heard: (at: number, voicedAt: number) => void;
  /** Nothing more will become of it. */
  readonly over: () => void;
}

/**
 * What becomes of a translation that leaves phrase by phrase: heard once a first phrase is, over once
 * all have been heard or lost and no more will come. Its listeners are told once of each.
 */
export class Delivery {
  readonly spoken: SpokenText;
  readonly #events: DeliveryEvents;
  /** Phrases on their way. */
  #open = 0;
  #complete = false;
  #heard = false;
  #over = false;
  #lost: Loss | undefined;

  constructor(spoken: SpokenText, events: DeliveryEvents) {
    this.spoken = spoken;
    this.#events = events;
  }

  /** Follows one more phrase, which was made at this moment. */
  phrase(voicedAt: number): PhraseObserver {
    this.#open += 1;
    return {
      started: (at) => {
        this.#start(at, voicedAt);
      },
      ended: () => {
        this.#open -= 1;
        this.#settle();
      },
      dropped: (reason) => {
        this.#open -= 1;
        this.#lose(reason === 'failed' ? 'failed' : 'skipped');
        this.#settle();
      },
    };
  }

  /** No more phrases will come; `lost` says why some are missing. */
  complete(lost?: Loss): void {
    this.#complete = true;
    if (lost !== undefined) this.#lose(lost);
    this.#settle();
  }

  /** Nobody listens any more. */
  abandon(): void {
    this.#finish('done');
  }

  #start(at: number, voicedAt: number): void {
    if (this.#over || this.#heard) return;
    this.#heard = true;
    const { status, speechEndedAt, again } = this.spoken;
    this.#events.heard(at, voicedAt);
    status.speaking(again ? undefined : Math.round(at - speechEndedAt));
    status.settled('done');
  }

  #lose(why: Loss): void {
    if (this.#over) return;
    if (this.#lost === undefined) this.spoken.unspoken();
    this.#lost = why;
  }

  #settle(): void {
    if (this.#complete && this.#open === 0) {
      this.#finish(this.#lost === 'failed' ? 'voiceless' : 'done');
    }
  }

  #finish(outcome: 'done' | 'voiceless'): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#heard) this.spoken.status.ended(outcome);
    else this.spoken.status.settled(outcome);
    this.#events.over();
  }
}
