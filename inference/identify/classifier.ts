import { expectGraph } from '../onnx/contract.ts';
import { sessionOptions } from '../onnx/devices.ts';
import { openGraph, Tensor, type Graph, type OpenGraph } from '../onnx/graph.ts';
import { ModelError } from '../onnx/model-error.ts';
import { SPEECH_RATE } from '../protocol/task-models.ts';
import { readIdentifier } from './model-files.ts';

const INPUT = 'waveform';
const OUTPUT = 'language_probs';
/** Rounding may keep a sum of probabilities this far from 1. */
const ROUNDING = 0.01;

/**
 * ECAPA-TDNN of VoxLingua107 (inference.md §10): 16 kHz speech in, one figure for each language out.
 * Its runs block the thread, so it lives in a process of its own (`program.ts`).
 */
export class Classifier implements AsyncDisposable {
  readonly #graph: Graph;

  private constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Loads the model and lets it hear a second of silence. Rejects with a ModelError. */
  static async create(directory: string, open: OpenGraph = openGraph): Promise<Classifier> {
    const { graph: file, labels } = await readIdentifier(directory);
    const graph = await open(file, sessionOptions('cpu', 1)).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ModelError(file, `cannot be loaded: ${reason}`, { cause });
    });
    try {
      expectGraph(graph, {
        inputs: [{ name: INPUT, type: 'float32', shape: [1, 'samples'] }],
        outputs: [{ name: OUTPUT, type: 'float32', shape: [1, labels.length] }],
      });
      const classifier = new Classifier(graph);
      const { length } = await classifier.probabilities(new Float32Array(SPEECH_RATE));
      if (length === labels.length) return classifier;
      throw new ModelError(file, `gives ${length} figures for ${labels.length} labels`);
    } catch (error) {
      await graph.release();
      throw error;
    }
  }

  /** Of each language, in the order of the labels; 1 together. */
  async probabilities(audio: Float32Array): Promise<Float32Array> {
    const feeds = { [INPUT]: new Tensor('float32', audio, [1, audio.length]) };
    const figures = (await this.#graph.run(feeds))[OUTPUT]?.data;
    if (!(figures instanceof Float32Array)) throw new ModelError(this.#graph.file, 'gave nothing');
    return isDistribution(figures) ? figures : softmax(figures);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#graph.release();
  }
}

/** Exports differ in whether their last step is in the graph; logits and their logarithms never sum to 1. */
function isDistribution(figures: Float32Array): boolean {
  const sum = figures.reduce((total, figure) => total + figure, 0);
  return figures.every((figure) => figure >= 0) && Math.abs(sum - 1) < ROUNDING;
}

function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
