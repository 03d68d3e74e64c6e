import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ModelError } from './model-error.ts';

/** Names of all that is in a model's folder, with `/` between folders. Throws a ModelError. */
export async function listFolder(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory, { recursive: true });
    return names.map((name) => name.replaceAll('\\', '/'));
  } catch (cause) {
    throw new ModelError(directory, 'the model directory cannot be read', { cause });
  }
}

/** A description beside the graphs of a model of this `kind`. Throws a ModelError naming the file. */
export async function readDescription<T>(
  path: string,
  schema: z.ZodType<T>,
  kind: string,
): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ModelError(path, `is not of ${kind} model: ${reason}`, { cause });
  }
}
