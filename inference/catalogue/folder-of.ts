import { isAbsolute } from 'node:path';
import { openModel } from './open-model.ts';
import { modelsDirectory } from './places.ts';

/**
 * The folder of a model: the folder itself, or the name of one of the catalogue. `models`: where
 * models are kept; empty: where they usually are. Rejects with a CatalogueError.
 */
export async function folderOf(models: string, model: string): Promise<string> {
  if (isAbsolute(model)) return model;
  return (await openModel(models || modelsDirectory(process.env), model)).folder;
}
