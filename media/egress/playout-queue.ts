import { VOICE_FRAME, VOICE_RATE } from '../audio.ts';

/** Names a phrase within one queue; phrases are played in the order of their first samples. */
export type PhraseId = number;

/** 20 ms to play. */
export interface PlayoutFrame {
  /** VOICE_FRAME samples; what the phrase does not fill is silent. */
  readonly samples: Float32Array;
  readonly phrase: PhraseId;
  readonly first: boolean;
  readonly last: boolean;
}

interface Phrase {
  readonly id: PhraseId;
  readonly chunks: Float32Array[];
  samples: number;
  started: boolean;
  complete: boolean;
  /** The next samples come after a pause that was not planned. */
  resumes: boolean;
}

/** Fade at an underrun: 5 ms. */
const FADE = VOICE_RATE / 200;

/**
 * Translated voice that waits to be played: whole phrases in order, each starting on a frame of its
 * own. Bounded in time. Overflow policy: the oldest phrase that has not begun is dropped whole; a
 * phrase that alone exceeds the bound loses its end. A phrase whose audio does not come in time
 * fades out and later fades in again.
 */
export class PlayoutQueue {
  readonly #boundSamples: number;
  #phrases: Phrase[] = [];
  #waiting = 0;
  #truncatedSamples = 0;

  constructor(boundMs: number) {
    this.#boundSamples = (boundMs * VOICE_RATE) / 1000;
  }

  get waitingMs(): number {
    return (this.#waiting * 1000) / VOICE_RATE;
  }

  get empty(): boolean {
    return this.#phrases.length === 0;
  }

  /** Samples cut off from phrases longer than the bound. */
  get truncatedSamples(): number {
    return this.#truncatedSamples;
  }

  begin(id: PhraseId): void {
    this.#phrases.push({
      id,
      chunks: [],
      samples: 0,
      started: false,
      complete: false,
      resumes: false,
    });
  }

  /** 48 kHz mono. Gives the phrases dropped to make room; pushing to those does nothing. */
  push(id: PhraseId, samples: Float32Array): readonly PhraseId[] {
    const phrase = this.#phrases.find((candidate) => candidate.id === id);
    if (phrase === undefined) return [];
    const dropped = this.#makeRoom(phrase, samples.length);
    const room = Math.max(0, this.#boundSamples - this.#waiting);
    const kept = samples.subarray(0, room);
    this.#truncatedSamples += samples.length - kept.length;
    phrase.chunks.push(kept);
    phrase.samples += kept.length;
    this.#waiting += kept.length;
    return dropped;
  }

  /** No more samples will come for this phrase. True when nothing of it is left to play. */
  end(id: PhraseId): boolean {
    const phrase = this.#phrases.find((candidate) => candidate.id === id);
    if (phrase === undefined) return false;
    phrase.complete = true;
    if (phrase.samples > 0) return false;
    this.abandon(id);
    return true;
  }

  /** Drops a phrase that cannot be finished, even while it is played. */
  abandon(id: PhraseId): void {
    const index = this.#phrases.findIndex((candidate) => candidate.id === id);
    if (index >= 0) this.#remove(index);
  }

  /** The next 20 ms; undefined while there is nothing to play. */
  pull(): PlayoutFrame | undefined {
    const phrase = this.#phrases[0];
    if (phrase === undefined || phrase.samples === 0) return undefined;
    if (phrase.samples < VOICE_FRAME && !phrase.complete && !phrase.started) return undefined;
    const samples = this.#take(phrase);
    const first = !phrase.started;
    phrase.started = true;
    const last = phrase.complete && phrase.samples === 0;
    if (last) this.#phrases.shift();
    return { samples, phrase: phrase.id, first, last };
  }

  #take(phrase: Phrase): Float32Array {
    const frame = new Float32Array(VOICE_FRAME);
    let filled = 0;
    while (filled < VOICE_FRAME) {
      const chunk = phrase.chunks.shift();
      if (chunk === undefined) break;
      const piece = chunk.subarray(0, VOICE_FRAME - filled);
      frame.set(piece, filled);
      filled += piece.length;
      if (piece.length < chunk.length) phrase.chunks.unshift(chunk.subarray(piece.length));
    }
    phrase.samples -= filled;
    this.#waiting -= filled;
    if (phrase.resumes) fadeIn(frame);
    phrase.resumes = phrase.samples === 0 && !phrase.complete;
    if (phrase.resumes) fadeOut(frame.subarray(0, filled));
    return frame;
  }

  #makeRoom(pushing: Phrase, samples: number): readonly PhraseId[] {
    const dropped: PhraseId[] = [];
    while (this.#waiting + samples > this.#boundSamples) {
      const oldest = this.#phrases.findIndex((phrase) => !phrase.started && phrase !== pushing);
      if (oldest < 0) break;
      dropped.push(this.#remove(oldest));
    }
    return dropped;
  }

  #remove(index: number): PhraseId {
    const [phrase] = this.#phrases.splice(index, 1);
    if (phrase === undefined) throw new RangeError(`no phrase at ${index}`);
    this.#waiting -= phrase.samples;
    return phrase.id;
  }
}

function fadeIn(samples: Float32Array): void {
  for (const [at, sample] of samples.subarray(0, FADE).entries())
    samples[at] = (sample * at) / FADE;
}

function fadeOut(samples: Float32Array): void {
  const start = Math.max(0, samples.length - FADE);
  for (const [at, sample] of samples.subarray(start).entries()) {
    samples[start + at] = sample * (1 - (at + 1) / FADE);
  }
}
