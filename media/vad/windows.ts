import { SPEECH_PER_MS } from '../audio.ts';
import type { PcmFrame } from '../audio.ts';
import { VAD_WINDOW } from './model.ts';

/** A frame of exactly VAD_WINDOW samples. */
export interface Window extends PcmFrame {
  /** False when something is missing between the window before and this one. */
  readonly follows: boolean;
}

/** Cuts frames of any length into windows. What is left of an interrupted stream is dropped. */
export class Windower {
  readonly #partial = new Float32Array(VAD_WINDOW);
  #filled = 0;
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
      at += piece.length;
      if (this.#filled === VAD_WINDOW) out.push(this.#take(frame, at));
    }
    return out;
  }

  reset(): void {
    this.#filled = 0;
    this.#expected = undefined;
    this.#follows = false;
  }

  #take(frame: PcmFrame, end: number): Window {
    const window = {
      position: frame.position + end - VAD_WINDOW,
      samples: this.#partial.slice(),
      arrivedAt: frame.arrivedAt - (frame.samples.length - end) / SPEECH_PER_MS,
      follows: this.#follows,
    };
    this.#filled = 0;
    this.#follows = true;
    return window;
  }
}
