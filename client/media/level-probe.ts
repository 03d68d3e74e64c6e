import { rms } from './levels.ts';

/** Reads the level of a stream. A remote stream must also be attached to a media element. */
export class LevelProbe {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(context: AudioContext, stream: MediaStream) {
    this.#source = context.createMediaStreamSource(stream);
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 2048;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** Root mean square of the last 43 ms, 0 to 1; 0 while the context is suspended. */
  read(): number {
    if (this.#analyser.context.state !== 'running') return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return rms(this.#samples);
  }

  close(): void {
    this.#source.disconnect();
    this.#analyser.disconnect();
  }
}
