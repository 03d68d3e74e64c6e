import type { VadModel, VadStream } from '../../media/vad/model.ts';
import { level } from './pcm.ts';

/** Takes everything that is loud for speech. */
export class LoudnessVad implements VadModel {
  resets = 0;

  open(): VadStream {
    return {
      probability: (window) => Promise.resolve(level(window) > 0.02 ? 0.95 : 0.02),
      reset: () => {
        this.resets += 1;
      },
    };
  }
}
