import type { Clock } from '../clock.ts';
import { measuredCall } from '../stage.ts';
import type { StageMeter } from '../stage.ts';
import type { VadModel, VadStream } from './model.ts';

/** A model whose windows are counted, and how long each waited for its answer. */
export class MeasuredVad implements VadModel {
  readonly #model: VadModel;
  readonly #meter: StageMeter;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(model: VadModel, meter: StageMeter, clock: Pick<Clock, 'now'>) {
    this.#model = model;
    this.#meter = meter;
    this.#clock = clock;
  }

  open(): VadStream {
    const stream = this.#model.open();
    return {
      probability: (window, silent) => {
        const judge = () => stream.probability(window, silent);
        return measuredCall(judge, this.#meter, this.#clock, () => 'failed');
      },
      reset: () => {
        stream.reset();
      },
    };
  }
}
