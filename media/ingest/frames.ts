import type { PcmFrame } from '../audio.ts';

/** A frame whose fields are written anew for every use. */
class ReusedFrame implements PcmFrame {
  position = 0;
  samples: Float32Array;
  silent = false;
  arrivedAt = 0;

  constructor(samples: Float32Array) {
    this.samples = samples;
  }
}

/** The frames a stage gives out in one call, in memory used again by the next. */
export class Frames {
  readonly #frames: ReusedFrame[] = [];
  /** The beginnings of `#frames` by length: a list emptied and filled again would be new memory. */
  readonly #lists: (readonly PcmFrame[])[] = [];
  #count = 0;

  get list(): readonly PcmFrame[] {
    return (this.#lists[this.#count] ??= this.#frames.slice(0, this.#count));
  }

  clear(): void {
    this.#count = 0;
  }

  add(position: number, samples: Float32Array, silent: boolean, arrivedAt: number): void {
    const frame = (this.#frames[this.#count] ??= new ReusedFrame(samples));
    frame.position = position;
    frame.samples = samples;
    frame.silent = silent;
    frame.arrivedAt = arrivedAt;
    this.#count += 1;
  }
}
