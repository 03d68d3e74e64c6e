import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decoder, type Listening } from '../../inference/translate/decoder.ts';
import { Encoder } from '../../inference/translate/encoder.ts';
import { LogMel, type MelFeatures } from '../../inference/translate/mel.ts';
import { physicalCores, sessionOptions } from '../../inference/onnx/devices.ts';
import { freeFirstDimension } from '../../inference/onnx/free-dimensions.ts';
import { openGraph } from '../../inference/onnx/graph.ts';
import { CANARY_1B_V2, writeShape } from '../support/canary-shape.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const SECONDS = [2, 5, 10];
/** What people say in a second makes about so many tokens; random weights would not come to an end. */
const TOKENS_PER_SECOND = 4;
const PROMPT = [1107, 7, 4, 16, 64, 78, 5, 9, 11, 13];
const TARGETS = 4;

/** Canary's size and cost, in what Parley runs it by. */
class Shape implements AsyncDisposable {
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;

  private constructor(encoder: Encoder, decoder: Decoder) {
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  static async create(directory: string): Promise<Shape> {
    const files = await writeShape(directory, CANARY_1B_V2);
    const options = sessionOptions('cpu', physicalCores());
    const apart = (model: Uint8Array) =>
      freeFirstDimension(model, ['encoder_embeddings', 'encoder_mask'], 'utterances');
    const encoder = new Encoder(await openGraph(files.encoder, options));
    const decoder = new Decoder(
      await openGraph(files.decoder, options, apart),
      CANARY_1B_V2.tokens + 1,
    );
    return new Shape(encoder, decoder);
  }

  /** Milliseconds from sound to so many texts; `copies`: each text has its own copy of what was heard. */
  async time(features: MelFeatures, texts: number, copies = false): Promise<number> {
    const began = performance.now();
    const heard = await this.#encoder.hear([features]);
    const rows = Array.from({ length: texts }, () => 0);
    const decoder = this.#decoder;
    const listening = copies ? decoder.listenToEach(heard, rows) : decoder.listenTo(heard, 0);
    await this.#write(listening, texts, Math.round((features.length / 100) * TOKENS_PER_SECOND));
    return performance.now() - began;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder.release();
    await this.#decoder.release();
  }

  async #write(listening: Listening, texts: number, tokens: number): Promise<void> {
    const prompts = Array.from({ length: texts }, () => PROMPT);
    let memory = await this.#decoder.begin(listening, prompts);
    for (let token = 1; token < tokens; token += 1) {
      const next = Array.from({ length: texts }, (_, row) => 2000 + 100 * row + token);
      memory = await this.#decoder.step(listening, memory, next);
    }
  }
}

/** Time for four languages over time for one. */
export const languages: Benchmark = {
  name: 'languages',
  summary: 'translating into 4 languages against 1, by graphs of canary-1b-v2’s shape and cost',
  run: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'parley-canary-shape-'));
    try {
      await using shape = await Shape.create(directory);
      const random = seededRandom(7);
      const mel = new LogMel();
      const utterances = SECONDS.map((seconds) =>
        mel.features(Float32Array.from({ length: seconds * 16_000 }, () => random() - 0.5)),
      );
      const timed = async (texts: number, copies = false) => {
        const times: number[] = [];
        for (const features of utterances) times.push(await shape.time(features, texts, copies));
        return times;
      };
      const sum = (times: readonly number[]) => times.reduce((all, time) => all + time, 0);
      const last = { one: [0], four: [0] };
      const measured = await takeTurns({
        ours: async () => sum((last.four = await timed(TARGETS))),
        baseline: async () => sum((last.one = await timed(1))),
      });
      const copied = await timed(TARGETS, true);
      printTable(
        ['utterance', '1 language, ms', `${TARGETS} languages, ms`, 'with a copy for each, ms'],
        SECONDS.map((seconds, at) => [
          `${seconds} s`,
          last.one[at] ?? 0,
          last.four[at] ?? 0,
          copied[at] ?? 0,
        ]),
      );
      console.log('One run of all utterances each. A run per language would take four times one.');
      const unit = 'ms for all three';
      return { benchmark: 'languages', ...measured, goal: 1.4, lowerIsBetter: true, unit };
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};
