import { SPEECH_PER_MS } from '../audio.ts';
import type { PcmFrame } from '../audio.ts';
import { VAD_WINDOW } from './model.ts';

/** A frame of exactly VAD_WINDOW samples, in memory of its own. */
export interface Window extends PcmFrame {
  /** False when something is missing between the window before and this one. */
  readonly follows: boolean;
}

/** Cuts frames of any length into windows. What is left of an interrupted stream is dropped. */
export class Windower {
  readonly #partial = new Float32Array(VAD_WINDOW);
  #filled = 0;
  /** Whether all that is filled comes from silent frames. */
  #silent = true;
  #expected: number | undefined;
  #follows = false;

  push(frame: PcmFrame): readonly Window[] {
    if (frame.position !== this.#expected) this.reset();
    this.#expected = frame.position + frame.samples.length;
    const out: Window[] = [];
    for (let at = 0; at < frame.samples.length;) {
      const piece = frame.samples.subarray(at, at + VAD_WINDOW - this.#filled);
      this.#partial.set(piece, this.#filled);
      this.#filled += piece.length;
      this.#silent &&= frame.silent;
      at += piece.length;
      if (this.#filled === VAD_WINDOW) out.push(this.#take(frame, at));
    }
    return out;
  }

  reset(): void {
    this.#clear();
    this.#expected = undefined;
    this.#follows = false;
  }

  #take(frame: PcmFrame, end: number): Window {
    const window = {
      position: frame.position + end - VAD_WINDOW,
      samples: this.#partial.slice(),
      silent: this.#silent,
      arrivedAt: frame.arrivedAt - (frame.samples.length - end) / SPEECH_PER_MS,
      follows: this.#follows,
    };
    this.#clear();
    this.#follows = true;
    return window;
  }

  #clear(): void {
    this.#filled = 0;
    this.#silent = true;
  }
}
