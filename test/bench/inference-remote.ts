import { defaults } from '../../config/defaults.ts';
import { InferenceChild } from '../support/inference-child.ts';
import { librivox } from '../support/speech.ts';
import { CallPath } from './call-path.ts';
import { median, type Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

/**
 * Voice latency with a server of models that is reached by its address, in a pool, over the inference
 * process of this machine.
 */
export const inferenceRemote: Benchmark = {
  name: 'inference-remote',
  summary: 'voice latency with a remote endpoint on loopback, over the local inference process',
  run: async () => {
    const recordings = librivox();
    await using local = await InferenceChild.start();
    await using remote = await InferenceChild.start();
    const { concurrency, queue } = defaults.inference;
    const elsewhere = { urls: [remote.url], fallback: true, concurrency, queue };
    await using there = await CallPath.create({ url: local.url, elsewhere });
    await using here = await CallPath.create({ url: local.url });
    let turn = 0;
    /** Median over the recordings; each turn of both is shifted alike against the packet grid. */
    const voiceLatency = async (path: CallPath): Promise<number> => {
      const phase = Math.floor(turn++ / 2) * 53;
      const latencies: number[] = [];
      for (const { name, audio } of recordings) {
        const said = await path.say(audio, { phase, voice: true });
        const total = said.stages.get('total');
        if (!said.voiced || total === undefined) throw new Error(`${name} stayed mute`);
        latencies.push(total * 1000);
      }
      return median(latencies);
    };
    const measured = await takeTurns({
      ours: () => voiceLatency(there),
      baseline: () => voiceLatency(here),
    });
    return {
      benchmark: 'inference-remote',
      ...measured,
      goal: 1.1,
      lowerIsBetter: true,
      unit: 'ms',
    };
  },
};
