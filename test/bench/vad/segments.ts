import { defaults } from '../../../config/defaults.ts';
import { UtteranceDetector } from '../../../media/vad/detector.ts';
import type { VadStream } from '../../../media/vad/model.ts';
import type { Window } from '../../../media/vad/windows.ts';

/** What is found in one speaker's windows: where utterances begin, pause and end. */
export class Segments {
  readonly found: string[] = [];
  readonly #stream: VadStream;
  readonly #detector = new UtteranceDetector(defaults.media);
  readonly #sayWhatIsSilent: boolean;
  #done: Promise<void> = Promise.resolve();

  constructor(stream: VadStream, sayWhatIsSilent: boolean) {
    this.#stream = stream;
    this.#sayWhatIsSilent = sayWhatIsSilent;
  }

  hear(window: Window): Promise<void> {
    this.#done = this.#done.then(() => this.#judge(window));
    return this.#done;
  }

  async #judge(window: Window): Promise<void> {
    if (!window.follows) this.#stream.reset();
    const silent = this.#sayWhatIsSilent && window.silent;
    const probability = await this.#stream.probability(window.samples, silent);
    for (const event of this.#detector.push({ ...window, probability })) {
      if (event.type === 'start') this.found.push(`start ${event.startedAt}`);
      if (event.type === 'pause') this.found.push(`pause ${window.arrivedAt}`);
      if (event.type === 'end') this.found.push(`${event.reason} ${event.speechEndedAt}`);
    }
  }
}
