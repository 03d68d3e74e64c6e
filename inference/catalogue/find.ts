import { CatalogueError } from './catalogue-error.ts';
import type { Catalogue, Model } from './model.ts';

/** The model with this id. Throws a CatalogueError that names what there is. */
export function findModel(catalogue: Catalogue, id: string): Model {
  const found = catalogue.models.find((model) => model.id === id);
  if (found) return found;
  throw new CatalogueError(
    'usage',
    `There is no model called "${id}".`,
    `There are: ${catalogue.models.map((model) => model.id).join(', ')}.`,
  );
}

/** The models that these ids of models and sets name, each once, in that order. */
export function findModels(catalogue: Catalogue, ids: readonly string[]): readonly Model[] {
  const known = new Map(catalogue.sets.map((set) => [set.id, set.models]));
  const unknown = ids.filter(
    (id) => !known.has(id) && !catalogue.models.some((model) => model.id === id),
  );
  if (unknown.length > 0) {
    const names = unknown.map((id) => `"${id}"`).join(', ');
    throw new CatalogueError(
      'usage',
      `There is no model and no set called ${names}.`,
      `Sets: ${catalogue.sets.map((set) => set.id).join(', ')}.\n` +
        `Models: ${catalogue.models.map((model) => model.id).join(', ')}.`,
    );
  }
  const wanted = new Set(ids.flatMap((id) => known.get(id) ?? [id]));
  return [...wanted].map((id) => findModel(catalogue, id));
}
