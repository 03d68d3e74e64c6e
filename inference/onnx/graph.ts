import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export { Tensor };
export type SessionOptions = InferenceSession.SessionOptions;

/** What a graph says of one input or output. A dimension that may vary has a name. */
export interface Value {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** A loaded network. `run` blocks the thread while it computes. */
export interface Graph {
  /** Its file's name, for messages. */
  readonly file: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/**
 * Loads a graph; rejects with the runtime's reason. `edit` changes the file's bytes on the way, of a
 * graph that has no weights in a file beside it.
 */
export type OpenGraph = (
  path: string,
  options: SessionOptions,
  edit?: (model: Uint8Array) => Uint8Array,
) => Promise<Graph>;

/** Loads by ONNX Runtime. */
export const openGraph: OpenGraph = async (path, options, edit) => {
  const session = edit
    ? await InferenceSession.create(edit(await readFile(path)), options)
    : await InferenceSession.create(path, options);
  return {
    file: path,
    inputs: session.inputMetadata.map(described),
    outputs: session.outputMetadata.map(described),
    run: (feeds) => session.run(feeds),
    release: () => session.release(),
  };
};

function described(value: InferenceSession.ValueMetadata): Value {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', shape: [] };
  return { name: value.name, type: value.type, shape: value.shape };
}
