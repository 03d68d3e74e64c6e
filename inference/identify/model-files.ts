import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '../onnx/model-error.ts';
import { parseLabels } from './labels.ts';

/** SpeechBrain's own list, or one with a label a line. */
const LABEL_FILES = ['label_encoder.txt', 'labels.txt'] as const;

export interface IdentifierFiles {
  readonly graph: string;
  /** In the order of the graph's figures: ISO 639 codes. */
  readonly labels: readonly string[];
}

/**
 * Looks into the folder of a spoken-language identifier: one graph and the list of its labels. The
 * graph does not say what its figures stand for, so without the list it is refused. Rejects with a
 * ModelError.
 */
export async function readIdentifier(directory: string): Promise<IdentifierFiles> {
  const names = await listed(directory);
  const [graph, second] = names.filter((name) => name.endsWith('.onnx'));
  if (graph === undefined) throw new ModelError(directory, 'has no graph (.onnx)');
  if (second !== undefined) {
    throw new ModelError(join(directory, second), `is a second graph beside ${graph}`);
  }
  const list = LABEL_FILES.find((name) => names.includes(name));
  if (list === undefined) {
    throw new ModelError(join(directory, LABEL_FILES[0]), 'is missing, which names its languages');
  }
  return { graph: join(directory, graph), labels: await readLabels(join(directory, list)) };
}

async function listed(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (cause) {
    throw new ModelError(directory, 'the model directory cannot be read', { cause });
  }
}

async function readLabels(path: string): Promise<readonly string[]> {
  try {
    return parseLabels(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(path, reason, { cause });
  }
}
