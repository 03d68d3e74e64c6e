import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphBuilder, type Value } from './canary-onnx.ts';

/** Languages of the toy identifier, in the order of its figures. */
export const TOY_LABELS = ['en: English', 'iw: Hebrew', 'ru: Russian', 'de: German'] as const;

/** As SpeechBrain writes them. */
export const LABEL_ENCODER = [
  ...TOY_LABELS.map((label, at) => `'${label}' => ${at}`),
  '================',
  "'starting_index' => 0",
  '',
].join('\n');

export interface ToyIdentifierOptions {
  /** How many figures it gives. */
  readonly figures?: number;
  /** `probabilities`; or their logarithms, as SpeechBrain's classifier gives; or other logits. */
  readonly gives?: 'probabilities' | 'logarithms' | 'logits';
  readonly input?: Value;
  readonly output?: Value;
}

/**
 * An identifier in small, with the names, types and shapes of inference.md §10: the louder the speech,
 * the higher the number of its language. Of a mean square of m it is language 10 m, and the others are
 * less probable by a factor of e for each step away.
 */
export function toyIdentifier({
  figures = TOY_LABELS.length,
  gives = 'probabilities',
  input = { name: 'waveform', type: 'float32', shape: [1, 'samples'] },
  output = { name: 'language_probs', type: 'float32', shape: [1, figures] },
}: ToyIdentifierOptions = {}): Uint8Array {
  const graph = new GraphBuilder();
  const squares = graph.node('Mul', [input.name, input.name]);
  const loudness = graph.node('ReduceMean', [squares], { axes: [1], keepdims: 1 });
  const spoken = graph.node('Mul', [loudness, graph.float32(10)]);
  const places = graph.float32(
    Array.from({ length: figures }, (_, at) => at),
    [1, figures],
  );
  const away = graph.node('Abs', [graph.node('Sub', [places, spoken])]);
  const last = { probabilities: 'Softmax', logarithms: 'LogSoftmax', logits: 'Identity' } as const;
  const axis = gives === 'logits' ? {} : { axis: 1 };
  graph.node(last[gives], [graph.node('Neg', [away])], axis, output.name);
  return graph.model([input], [output]);
}

/** Half a second or more of speech of the language with this number. */
export function speechOf(language: number, ms = 1000): Float32Array {
  return new Float32Array(16 * ms).fill(Math.sqrt(language / 10));
}

export function toyIdentifierFiles(
  options: ToyIdentifierOptions = {},
): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['model.onnx', toyIdentifier(options)],
    ['label_encoder.txt', LABEL_ENCODER],
  ]);
}

/** The folder of an identifier, gone when disposed of. */
export class ToyIdentifier implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(files = toyIdentifierFiles()): Promise<ToyIdentifier> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-identifier-'));
    for (const [name, content] of files) await writeFile(join(directory, name), content);
    return new ToyIdentifier(directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true });
  }
}
