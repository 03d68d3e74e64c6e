import { expectEncoder } from './contract.ts';
import { MELS, type MelFeatures } from './mel.ts';
import { Tensor, type Graph } from '../onnx/graph.ts';

/** What the encoder heard, of one utterance or several. */
export interface Heard {
  /** [utterances, steps, width] */
  readonly embeddings: Float32Array;
  /** [utterances, steps]: 1 where a step counts. */
  readonly mask: BigInt64Array;
  readonly utterances: number;
  readonly steps: number;
  readonly width: number;
}

/** Steps of 80 ms that count of one utterance. */
export function countedSteps({ mask, steps }: Heard, utterance: number): number {
  const row = mask.subarray(utterance * steps, (utterance + 1) * steps);
  return row.reduce((sum, counts) => sum + Number(counts), 0);
}

/** The acoustic half of Canary: features to what the decoder looks at. */
export class Encoder {
  readonly #graph: Graph;

  /** Throws a ModelError when the graph is not what it should be. */
  constructor(graph: Graph) {
    expectEncoder(graph);
    this.#graph = graph;
  }

  /** One run for all; shorter utterances are filled up with frames that do not count. */
  async hear(utterances: readonly MelFeatures[]): Promise<Heard> {
    const frames = Math.max(...utterances.map((one) => one.frames));
    const audio = new Float32Array(utterances.length * MELS * frames);
    for (const [index, one] of utterances.entries()) {
      for (let band = 0; band < MELS; band += 1) {
        const row = one.data.subarray(band * one.frames, (band + 1) * one.frames);
        audio.set(row, (index * MELS + band) * frames);
      }
    }
    const lengths = BigInt64Array.from(utterances, ({ length }) => BigInt(length));
    const { encoder_embeddings: embeddings, encoder_mask: mask } = await this.#graph.run({
      audio_signal: new Tensor('float32', audio, [utterances.length, MELS, frames]),
      length: new Tensor('int64', lengths, [utterances.length]),
    });
    if (embeddings?.type !== 'float32' || mask?.type !== 'int64') {
      throw new Error('the encoder gave no embeddings');
    }
    const [, steps = 0, width = 0] = embeddings.dims;
    return {
      embeddings: floats(embeddings),
      mask: integers(mask),
      utterances: utterances.length,
      steps,
      width,
    };
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }
}

export function floats(tensor: Tensor): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data;
  throw new Error('a tensor does not hold what it says');
}

function integers(tensor: Tensor): BigInt64Array {
  if (tensor.data instanceof BigInt64Array) return tensor.data;
  throw new Error('a tensor does not hold what it says');
}
