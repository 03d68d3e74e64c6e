import { basename, isAbsolute } from 'node:path';
import { CATALOGUE } from '../catalogue/catalogue.ts';
import { CatalogueError } from '../catalogue/catalogue-error.ts';
import { findModel } from '../catalogue/find.ts';
import { openModel } from '../catalogue/open-model.ts';

/** A package of Silero's, and what the sidecar is told about it. */
export interface SileroModel {
  readonly file: string;
  /** Of its contents, in lower-case hex. Loading runs code from the file, so others are refused. */
  readonly sha256: string;
  /** Language subtags that it is to speak. */
  readonly languages: readonly string[];
}

const PACKAGE = /\.pt$/;
/** How Silero ends the names of packages of one language, such as v4_ua.pt. */
const BY_ENDING = new Map([
  ['ru', 'ru'],
  ['en', 'en'],
  ['de', 'de'],
  ['es', 'es'],
  ['fr', 'fr'],
  ['ua', 'uk'],
  ['uz', 'uz'],
  ['tt', 'tt'],
]);

/**
 * What an entry of the option `silero.models` stands for: a model of the catalogue, of which `directory`
 * has the files, or an absolute path with the hash of its contents, `/models/v4_ua.pt#<sha256>`. Rejects
 * with a CatalogueError that says what is wrong.
 */
export async function sileroModel(entry: string, directory: string): Promise<SileroModel> {
  return isAbsolute(entry) ? modelAt(entry) : modelOf(entry, directory);
}

async function modelOf(id: string, directory: string): Promise<SileroModel> {
  const model = findModel(CATALOGUE, id);
  const name = model.available && model.files.find((file) => PACKAGE.test(file.name))?.name;
  if (!name) throw new CatalogueError('usage', `${id} is no voice of Silero's.`);
  const files = await openModel(directory, id);
  // What was found at the first pull, of which the catalogue knew the beginning, all, or nothing.
  return { file: files.path(name), sha256: files.sha256(name), languages: model.languages };
}

function modelAt(entry: string): SileroModel {
  const [, file = entry, sha256] = /^(.*)#([0-9a-f]{64})$/i.exec(entry) ?? [];
  if (sha256 === undefined) {
    throw new CatalogueError(
      'usage',
      `It is not said which contents ${file} must have; loading it runs code from it.`,
      `Write ${file}#<SHA-256>, as \`sha256sum\` prints it, if you trust the file.`,
    );
  }
  const ending = /_([a-z]{2})\.pt$/.exec(basename(file))?.[1];
  const language = ending === undefined ? undefined : BY_ENDING.get(ending);
  if (language === undefined) {
    throw new CatalogueError(
      'usage',
      `The name of ${file} does not say which language it speaks.`,
      `Silero's names do: v5_5_ru.pt, v4_ua.pt. There are: ${[...BY_ENDING.keys()].join(', ')}.`,
    );
  }
  return { file, sha256: sha256.toLowerCase(), languages: [language] };
}
