import type { LagBand } from './lag-band.ts';
import type { PhraseReader } from './phrase-reader.ts';
import type { PhraseLoss, PhraseObserver } from './ports.ts';

export interface WaitingPhrase {
  readonly reader: PhraseReader;
  readonly observer: PhraseObserver;
}

export interface LostPhrase extends WaitingPhrase {
  readonly reason: PhraseLoss;
}

/**
 * Phrases that wait for the one before them. Bounded in time: of what is too much, and of what
 * would begin too late even when hurried, the oldest phrase goes first. A phrase that is longer
 * than the bound by itself is refused.
 */
export class PhraseLine {
  readonly #boundMs: number;
  readonly #band: LagBand;
  readonly #phrases: WaitingPhrase[] = [];

  constructor(boundMs: number, band: LagBand) {
    this.#boundMs = boundMs;
    this.#band = band;
  }

  get empty(): boolean {
    return this.#phrases.length === 0;
  }

  get waitingMs(): number {
    return this.#phrases.reduce((sum, { reader }) => sum + reader.leftMs, 0);
  }

  /** Takes a phrase in; gives back those that had to make room. */
  push(phrase: WaitingPhrase): readonly LostPhrase[] {
    if (phrase.reader.leftMs > this.#boundMs) return [{ ...phrase, reason: 'overflow' }];
    this.#phrases.push(phrase);
    return this.#dropWhile(() => this.waitingMs > this.#boundMs, 'overflow');
  }

  shift(): WaitingPhrase | undefined {
    return this.#phrases.shift();
  }

  /** Gives up what would begin too late, when `neededMs` of speech come before it. */
  dropLate(now: number, neededMs: number): readonly LostPhrase[] {
    const isLate = (): boolean => {
      let before = neededMs;
      return this.#phrases.some(({ reader }) => {
        const begin = now + this.#band.fastest(before);
        before += reader.neededMs;
        return this.#band.isTooLate(begin - reader.speechEndedAt);
      });
    };
    return this.#dropWhile(isLate, 'late');
  }

  /** The largest lag with which one will begin if all is played as spoken; 0 when none waits. */
  lagMs(now: number, leftMs: number): number {
    let begin = now + leftMs;
    let most = 0;
    for (const { reader } of this.#phrases) {
      most = Math.max(most, begin - reader.speechEndedAt);
      begin += reader.leftMs;
    }
    return most;
  }

  #dropWhile(condition: () => boolean, reason: PhraseLoss): readonly LostPhrase[] {
    const lost: LostPhrase[] = [];
    while (condition()) {
      const oldest = this.#phrases.shift();
      if (oldest === undefined) break;
      lost.push({ ...oldest, reason });
    }
    return lost;
  }
}
