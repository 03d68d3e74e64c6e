import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, remove } from './disk.ts';
import { locked, type LockOptions } from './lock.ts';
import type { Model } from './model.ts';
import { placesOf } from './places.ts';

/**
 * Takes a model's files away, with what is on record about them and what has come of an unfinished
 * pull. Resolves to the folder if something foreign in it is left, which is not ours to delete.
 */
export async function removeModel(
  directory: string,
  model: Model,
  options: LockOptions,
): Promise<string | undefined> {
  const places = placesOf(directory, model.id);
  return locked(places.lock, options, async () => {
    const files = model.available ? model.files : [];
    // The record last: what is cut short then still says what belongs to it.
    for (const { name } of files) await remove(join(places.folder, name));
    await remove(places.manifest);
    await remove(places.parts);
    return (await removeEmpty(places.folder)) ? undefined : places.folder;
  });
}

/** Removes a folder and those in it as far as they are empty; tells whether it is gone. */
async function removeEmpty(folder: string): Promise<boolean> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) {
      if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
    }
    await rmdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    if (codeOf(error) === 'ENOTEMPTY') return false;
    throw error;
  }
}
