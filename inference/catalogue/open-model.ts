import { join } from 'node:path';
import { CATALOGUE } from './catalogue.ts';
import { CatalogueError } from './catalogue-error.ts';
import { findModel } from './find.ts';
import { readManifest, recordOf } from './manifest.ts';
import type { Catalogue } from './model.ts';
import { placesOf } from './places.ts';
import { survey } from './survey.ts';

/** A model that is on this machine as a whole. */
export interface ModelFiles {
  readonly id: string;
  /** Absolute or relative as the models' directory was given. */
  readonly folder: string;
  /** Where a file of the model is, by its name in the catalogue; throws for any other name. */
  path(name: string): string;
  /**
   * The SHA-256 that a file of the model had when it came, in lower-case hex, for those who check it
   * as they read it. Throws where `path` does.
   */
  sha256(name: string): string;
}

/**
 * For engines: the files of a model, every one of them there, checked when it came, of the size it
 * had then, and no foreign file beside them. Rejects with a CatalogueError that names what is wrong.
 * Contents are not read again; `npm run models -- verify` does that.
 */
export async function openModel(
  directory: string,
  id: string,
  catalogue: Catalogue = CATALOGUE,
): Promise<ModelFiles> {
  const model = findModel(catalogue, id);
  if (!model.available) {
    throw new CatalogueError('failed', `${id} is not available yet: ${model.reason}.`);
  }
  const { state, problems } = await survey(directory, model);
  const { folder, manifest: record } = placesOf(directory, id);
  const pullIt = `Run \`npm run models -- pull ${id} --directory ${directory}\`.`;
  if (state === 'absent') {
    throw new CatalogueError('absent', `${id} is not in ${directory}.`, pullIt);
  }
  if (state !== 'here') {
    throw new CatalogueError('failed', `${id} cannot be used:\n${problems.join('\n')}`, pullIt);
  }
  const names = new Set(model.files.map((file) => file.name));
  const manifest = await readManifest(record);
  const noSuchFile = (name: string) => new RangeError(`${id} has no file ${name}`);
  return {
    id,
    folder,
    path(name) {
      if (!names.has(name)) throw noSuchFile(name);
      return join(folder, name);
    },
    sha256(name) {
      const found = names.has(name) ? recordOf(manifest, name)?.sha256 : undefined;
      if (found === undefined) throw noSuchFile(name);
      return found;
    },
  };
}
