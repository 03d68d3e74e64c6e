import { physicalCores, sessionOptions, type Device } from '../onnx/devices.ts';
import type { Graph, OpenGraph } from '../onnx/graph.ts';
import { ModelError } from '../onnx/model-error.ts';
import { expectSupertonic } from './supertonic-contract.ts';
import type { GraphName, SupertonicFiles } from './supertonic-files.ts';

export type SupertonicGraphs = Readonly<Record<GraphName, Graph>>;

export interface LoadedGraphs {
  readonly device: Device;
  readonly graphs: SupertonicGraphs;
}

export interface LoadOptions {
  readonly device: Device;
  /** 0: as many as there are cores. */
  readonly threads: number;
  readonly open: OpenGraph;
}

/** Loads the four graphs, or none. Rejects with a ModelError. */
export async function loadGraphs(
  files: SupertonicFiles,
  { device, threads, open }: LoadOptions,
): Promise<LoadedGraphs> {
  const options = sessionOptions(device, threads || physicalCores());
  const style = files.styles.get('M1');
  if (style === undefined) throw new Error('a model without styles');
  await using opened = new AsyncDisposableStack();
  const graph = async (name: GraphName): Promise<Graph> => {
    const path = files.graphs[name];
    const loaded = await open(path, options).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ModelError(path, `cannot be loaded: ${reason}`, { cause });
    });
    opened.defer(() => loaded.release());
    expectSupertonic(loaded, name, { shape: files.shape, style });
    return loaded;
  };
  const graphs = {
    duration_predictor: await graph('duration_predictor'),
    text_encoder: await graph('text_encoder'),
    vector_estimator: await graph('vector_estimator'),
    vocoder: await graph('vocoder'),
  };
  opened.move();
  return { device, graphs };
}
