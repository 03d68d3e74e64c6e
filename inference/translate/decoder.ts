import { expectDecoder, type DecoderShape } from './contract.ts';
import { countedSteps, floats, type Heard } from './encoder.ts';
import { Tensor, type Graph } from '../onnx/graph.ts';

/** What rows are decoded from: one utterance for all of them, or one for each. */
export interface Listening {
  readonly embeddings: Tensor;
  readonly mask: Tensor;
}

/** How far rows have come: what each layer was given at every position so far. */
export interface Memory {
  readonly mems: Tensor;
  /** Natural logs of the next token's probabilities, [rows, tokens]. */
  readonly logits: Float32Array;
}

/** More than rounding between the same rows, decoded in two ways. */
const TOLERANCE = 1e-2;

/** The half of Canary that writes. */
export class Decoder {
  readonly #graph: Graph;
  readonly #shape: DecoderShape;
  #shares = false;

  /** Throws a ModelError when the graph is not what it should be, or has more tokens than pieces. */
  constructor(graph: Graph, pieces: number) {
    this.#shape = expectDecoder(graph, pieces);
    this.#graph = graph;
  }

  /**
   * Whether several rows can look at one utterance without a copy of it for each, which the export
   * does not promise but its attention allows: what the layers make of the utterance, most of the work
   * of every step, is then made once for all rows. Found out by `probe`.
   */
  get shares(): boolean {
    return this.#shares;
  }

  /**
   * Tries on an utterance whether `shares` holds: it does where nothing comes out differently, at the
   * beginning and a token later, of rows that differ.
   */
  async probe(heard: Heard, prompts: readonly (readonly number[])[]): Promise<void> {
    const write = async (listening: Listening) => {
      const begun = await this.begin(listening, prompts);
      const next = prompts.map(([first = 0]) => first);
      const gone = await this.step(listening, begun, next);
      return [...begun.logits, ...gone.logits];
    };
    try {
      const shared = await write(this.listenTo(heard, 0));
      const apart = await write(
        this.listenToEach(heard, new Array<number>(prompts.length).fill(0)),
      );
      this.#shares =
        shared.length === apart.length &&
        shared.every((value, at) => Math.abs(value - (apart[at] ?? Number.NaN)) < TOLERANCE);
    } catch {
      this.#shares = false;
    }
  }

  /** All rows look at one utterance, of which only what counts is kept. */
  listenTo(heard: Heard, utterance: number): Listening {
    const { width } = heard;
    const steps = countedSteps(heard, utterance);
    const begin = utterance * heard.steps * width;
    const embeddings = heard.embeddings.subarray(begin, begin + steps * width);
    return {
      embeddings: new Tensor('float32', embeddings, [1, steps, width]),
      mask: new Tensor('int64', new BigInt64Array(steps).fill(1n), [1, steps]),
    };
  }

  /** Each row looks at a copy of its utterance. */
  listenToEach(heard: Heard, utterances: readonly number[]): Listening {
    const { steps, width } = heard;
    const embeddings = new Float32Array(utterances.length * steps * width);
    const mask = new BigInt64Array(utterances.length * steps);
    for (const [row, utterance] of utterances.entries()) {
      const from = utterance * steps;
      embeddings.set(
        heard.embeddings.subarray(from * width, (from + steps) * width),
        row * steps * width,
      );
      mask.set(heard.mask.subarray(from, from + steps), row * steps);
    }
    return {
      embeddings: new Tensor('float32', embeddings, [utterances.length, steps, width]),
      mask: new Tensor('int64', mask, [utterances.length, steps]),
    };
  }

  /** Gives every row its first tokens, as many for each. */
  async begin(listening: Listening, tokens: readonly (readonly number[])[]): Promise<Memory> {
    const { layers, width } = this.#shape;
    const none = new Tensor('float32', new Float32Array(0), [layers, tokens.length, 0, width]);
    return this.#run(listening, tokens, none);
  }

  /** Gives every row one more token: the graph's mask allows no more after the beginning. */
  async step(listening: Listening, { mems }: Memory, tokens: readonly number[]): Promise<Memory> {
    return this.#run(
      listening,
      tokens.map((token) => [token]),
      mems,
    );
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }

  async #run(
    { embeddings, mask }: Listening,
    tokens: readonly (readonly number[])[],
    mems: Tensor,
  ): Promise<Memory> {
    const ids = BigInt64Array.from(tokens.flat(), BigInt);
    const { logits, decoder_hidden_states: hidden } = await this.#graph.run({
      input_ids: new Tensor('int64', ids, [tokens.length, ids.length / tokens.length]),
      encoder_embeddings: embeddings,
      encoder_mask: mask,
      decoder_mems: mems,
    });
    if (!logits || !hidden) throw new Error('the decoder gave no logits');
    return { mems: hidden, logits: floats(logits) };
  }
}
