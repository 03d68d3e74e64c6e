import { access, constants } from 'node:fs/promises';
import { check, type CheckTools, type Checked } from './check.ts';
import { codeOf } from './disk.ts';
import { locked } from './lock.ts';
import { emptyManifest, readManifest, writeManifest } from './manifest.ts';
import type { AvailableModel } from './model.ts';
import { placesOf } from './places.ts';
import { foreignFiles } from './survey.ts';

/**
 * Reads a model's files again. What is damaged is put on record, so that nothing uses it until it
 * is pulled again; a directory that cannot be written to is read all the same. Resolves to what is
 * wrong, in words: nothing when the model can be used.
 */
export async function verify(
  directory: string,
  model: AvailableModel,
  tools: CheckTools,
): Promise<readonly string[]> {
  const places = placesOf(directory, model.id);
  const read = async (): Promise<Checked> =>
    check(
      places.folder,
      model,
      (await readManifest(places.manifest)) ?? emptyManifest(model.id),
      tools,
    );
  const onWait = (holder: string): void => {
    tools.progress.say(`${model.id}: a pull is at work (${holder}); waiting for it`);
  };
  const checked = (await writable(directory))
    ? await locked(places.lock, { signal: tools.signal, onWait }, async () => {
        const found = await read();
        await writeManifest(places, found.manifest);
        return found;
      })
    : await read();
  const foreign = await foreignFiles(places.folder, model);
  return [
    ...[...checked.damaged].map(([name, reason]) => `${name} is damaged: ${reason}`),
    ...checked.missing.map((name) => `${name} is not there`),
    ...foreign.map((name) => `${name} does not belong to it: move it away`),
  ];
}

async function writable(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.W_OK);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EROFS' || codeOf(error) === 'EACCES') return false;
    throw error;
  }
}
