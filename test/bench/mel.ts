import { ParakeetFeatureExtractor } from '@huggingface/transformers';
import { LogMel, MELS } from '../../inference/translate/mel.ts';
import { librivox } from '../support/speech.ts';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

/** Utterances heard by each side in a round. */
const UTTERANCES = 40;
const SAMPLES = 160_000;
/** Both work in 64 bits and end in 32. */
const TOLERANCE = 1e-4;

/** The front end that transformers.js has for Parakeet, which is Canary's too. */
const theirs = new ParakeetFeatureExtractor({
  feature_size: MELS,
  hop_length: 160,
  n_fft: 512,
  preemphasis: 0.97,
  sampling_rate: 16_000,
  win_length: 400,
});
const ours = new LogMel();

/** Ten seconds of speech. */
function tenSeconds(): Float32Array {
  const speech = new Float32Array(SAMPLES);
  let offset = 0;
  for (const { audio } of librivox()) {
    const part = audio.subarray(0, SAMPLES - offset);
    speech.set(part, offset);
    offset += part.length;
  }
  return speech;
}

/** Throws when the two do not compute the same. */
async function expectTheSame(speech: Float32Array): Promise<void> {
  const our = ours.features(speech);
  const { data } = (await theirs._call(speech)).input_features;
  for (let frame = 0; frame < our.length; frame += 1) {
    for (let band = 0; band < MELS; band += 1) {
      const their = Number(data[frame * MELS + band]);
      const difference = Math.abs((our.data[band * our.frames + frame] ?? Number.NaN) - their);
      if (!(difference < TOLERANCE)) throw new Error(`they differ in frame ${frame}, band ${band}`);
    }
  }
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let utterance = 0; utterance < UTTERANCES; utterance += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / UTTERANCES;
}

/** Processor time of Canary's features of ten seconds of speech. */
export const mel: Benchmark = {
  name: 'mel',
  summary: 'features of 10 s of speech for Canary, against the same by transformers.js',
  run: async () => {
    const speech = tenSeconds();
    await expectTheSame(speech);
    const measured = await takeTurns({
      ours: () => cpuOf(() => Promise.resolve(ours.features(speech))),
      baseline: () => cpuOf(() => theirs._call(speech)),
    });
    printTable(
      ['features of 10 s', 'CPU ms'],
      [
        ['ours', measured.ours],
        ['transformers.js, ParakeetFeatureExtractor', measured.baseline],
      ],
    );
    return { benchmark: 'mel', ...measured, goal: 0.5, lowerIsBetter: true, unit: 'ms of CPU' };
  },
};
