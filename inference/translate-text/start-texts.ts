import { CatalogueError } from '../catalogue/catalogue-error.ts';
import { folderOf } from '../catalogue/folder-of.ts';
import { M2M100Process, type M2M100Parts } from './m2m100-process.ts';
import type { TextTranslator } from './text-translator.ts';

/** The translator of texts in the catalogue. */
const M2M100 = 'm2m100-418m';

/**
 * Starts the translator of texts that is asked for; undefined where there is none. Rejects when what was
 * asked for by name cannot be used.
 */
export async function startTexts(parts: M2M100Parts): Promise<TextTranslator | undefined> {
  const { options, log } = parts;
  const { models, text } = options;
  if (text === 'off') return undefined;
  if (text !== 'auto') return M2M100Process.start(await folderOf(models, text), parts);
  try {
    return await M2M100Process.start(await folderOf(models, M2M100), parts);
  } catch (error) {
    const absent = error instanceof CatalogueError && error.kind === 'absent';
    const remedy = `npm run models -- pull ${M2M100}`;
    if (absent) log.info(`speech is translated from and into English alone (${remedy})`);
    else log.error({ err: error, model: M2M100 }, 'a model that is here cannot be used');
    return undefined;
  }
}
