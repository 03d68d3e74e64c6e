import { VOICE_FRAME, VOICE_RATE } from '../audio.ts';

/** 20 ms to play. */
export interface PlayoutFrame<Phrase> {
  /** VOICE_FRAME samples; what the phrase does not fill is silent. */
  readonly samples: Float32Array;
  readonly phrase: Phrase;
  readonly first: boolean;
  readonly last: boolean;
}

interface Entry<Phrase> {
  readonly phrase: Phrase;
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
 * Cuts 48 kHz voice into frames: whole phrases in order, each starting on a frame of its own. A
 * phrase whose audio does not come in time fades out and later fades in again. Whoever fills it
 * looks at `bufferedMs` and stays a little ahead, so that it never holds much.
 */
export class PlayoutQueue<Phrase> {
  readonly #entries: Entry<Phrase>[] = [];
  #samples = 0;

  get bufferedMs(): number {
    return (this.#samples * 1000) / VOICE_RATE;
  }

  begin(phrase: Phrase): void {
    this.#entries.push({
      phrase,
      chunks: [],
      samples: 0,
      started: false,
      complete: false,
      resumes: false,
    });
  }

  /** More of the phrase begun last, 48 kHz mono. */
  push(samples: Float32Array): void {
    const entry = this.#entries.at(-1);
    if (entry === undefined || entry.complete) throw new Error('no phrase was begun');
    entry.chunks.push(samples);
    entry.samples += samples.length;
    this.#samples += samples.length;
  }

  /** No more will come for the phrase begun last. True when nothing of it is left to play. */
  end(): boolean {
    const entry = this.#entries.at(-1);
    if (entry === undefined) throw new Error('no phrase was begun');
    entry.complete = true;
    if (entry.samples > 0) return false;
    this.#entries.pop();
    return true;
  }

  /** The next 20 ms; undefined while there is nothing to play. */
  pull(): PlayoutFrame<Phrase> | undefined {
    const entry = this.#entries[0];
    if (entry === undefined || entry.samples === 0) return undefined;
    if (entry.samples < VOICE_FRAME && !entry.complete && !entry.started) return undefined;
    const samples = this.#take(entry);
    const first = !entry.started;
    entry.started = true;
    const last = entry.complete && entry.samples === 0;
    if (last) this.#entries.shift();
    return { samples, phrase: entry.phrase, first, last };
  }

  #take(entry: Entry<Phrase>): Float32Array {
    const frame = new Float32Array(VOICE_FRAME);
    let filled = 0;
    while (filled < VOICE_FRAME) {
      const chunk = entry.chunks.shift();
      if (chunk === undefined) break;
      const piece = chunk.subarray(0, VOICE_FRAME - filled);
      frame.set(piece, filled);
      filled += piece.length;
      if (piece.length < chunk.length) entry.chunks.unshift(chunk.subarray(piece.length));
    }
    entry.samples -= filled;
    this.#samples -= filled;
    if (entry.resumes) fadeIn(frame);
    entry.resumes = entry.samples === 0 && !entry.complete;
    if (entry.resumes) fadeOut(frame.subarray(0, filled));
    return frame;
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
