import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where a model's files are, below the models' directory. */
export interface Places {
  /** Holds the model's files and its manifest, and nothing else. */
  readonly folder: string;
  readonly manifest: string;
  /** Holds what has come of files that are not complete; same file system as `folder`. */
  readonly parts: string;
  readonly lock: string;
}

export const MANIFEST = 'manifest.json';
const PULLING = '.pulling';

export function placesOf(directory: string, id: string): Places {
  return {
    folder: join(directory, id),
    manifest: join(directory, id, MANIFEST),
    parts: join(directory, PULLING, id),
    lock: join(directory, PULLING, `${id}.lock`),
  };
}

/** Where models are kept unless somebody says otherwise: the XDG Base Directory rules. */
export function modelsDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const chosen = env['PARLEY_INFERENCE_MODELS'];
  if (chosen) return chosen;
  const data = env['XDG_DATA_HOME'];
  // A relative XDG path is to be ignored, says the specification.
  const base = data && isAbsolute(data) ? data : join(env['HOME'] ?? homedir(), '.local/share');
  return join(base, 'parley/models');
}
