/** How loud one remote track is played. */
export interface Loudness {
  /** 0 (silent) to 1 (as it comes). */
  set(gain: number): void;
  close(): void;
}

/** iOS keeps every media element at full volume, whatever is set. */
export function volumeIsFixed(): boolean {
  const probe = new Audio();
  probe.volume = 0.5;
  return probe.volume === 1;
}

/** By the element itself, so that echo cancellation knows what is played. */
export class ElementLoudness implements Loudness {
  readonly #element: HTMLMediaElement;

  constructor(element: HTMLMediaElement) {
    this.#element = element;
  }

  set(gain: number): void {
    this.#element.volume = gain;
  }

  close(): void {
    // The element is its owner's.
  }
}

/**
 * Beside an element whose volume is fixed: a gain node plays the stream, and the element is muted
 * while it does. Before the first tap the context does not run, and the element plays at full volume.
 */
export class GainLoudness implements Loudness {
  readonly #element: HTMLMediaElement;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #gain: GainNode;

  constructor(element: HTMLMediaElement, context: AudioContext, stream: MediaStream) {
    this.#element = element;
    this.#source = context.createMediaStreamSource(stream);
    this.#gain = new GainNode(context);
    this.#source.connect(this.#gain).connect(context.destination);
  }

  set(gain: number): void {
    this.#element.muted = this.#gain.context.state === 'running';
    this.#gain.gain.value = gain;
  }

  close(): void {
    this.#source.disconnect();
    this.#gain.disconnect();
  }
}
