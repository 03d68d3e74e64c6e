import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { toyDecoder, toyEncoder, type ToyScript } from './canary-graphs.ts';

/** Directories such as istupakov/canary-1b-v2-onnx has, with toy graphs and vocabularies. */

const SPECIALS_V2 =
  '<unk> <|nospeech|> <pad> <|endoftext|> <|startoftranscript|> <|pnc|> <|nopnc|> <|startofcontext|> ' +
  '<|itn|> <|noitn|> <|timestamp|> <|notimestamp|> <|diarize|> <|nodiarize|> <|spkchange|> ' +
  '<|audioseparator|> <|emo:undefined|> <|emo:neutral|> <|emo:happy|> <|emo:sad|> <|emo:angry|> ' +
  '<|unklang|> <|predict_lang|> <|nopredict_lang|>';

/** Where the published vocabularies have the languages that Canary knows (inference.md §1.3). */
const LANGUAGES_V2: Readonly<Record<number, string>> = {
  46: 'bg', 58: 'hr', 59: 'cs', 60: 'da', 62: 'nl', 64: 'en', 66: 'et', 70: 'fi', 71: 'fr',
  78: 'de', 79: 'el', 89: 'hu', 99: 'it', 117: 'lv', 120: 'lt', 127: 'mt', 150: 'pl', 151: 'pt',
  154: 'ro', 157: 'ru', 167: 'sk', 168: 'sl', 171: 'es', 175: 'sv', 192: 'uk',
}; // prettier-ignore
const LANGUAGES_FLASH: Readonly<Record<number, string>> = {
  62: 'en',
  69: 'fr',
  76: 'de',
  169: 'es',
};

/** The first tokens of text: a lone space, then words and parts of words by turns. */
export const FIRST_TEXT = 1107;
const SPACE = '\u2581';

export type ToyFamily = 'v2' | 'flash';

/** Lines of vocab.txt, with the numbers that the published ones have for what prompts need. */
export function toyVocabulary(family: ToyFamily): string {
  const size = family === 'v2' ? 16_384 : 5248;
  const specials = SPECIALS_V2.split(' ').filter(
    (piece) => family === 'v2' || !piece.includes('predict_lang'),
  );
  const languages = family === 'v2' ? LANGUAGES_V2 : LANGUAGES_FLASH;
  const pieces = Array.from({ length: size }, (_, id) => {
    const special = specials[id];
    if (special !== undefined) return special;
    const language = languages[id];
    if (language !== undefined) return `<|${language}|>`;
    if (id < FIRST_TEXT) return `<|spare${id}|>`;
    if (id === FIRST_TEXT) return SPACE;
    // Flash vocabularies are several in a row, in which the same piece comes again.
    const word = (id - FIRST_TEXT) % 1024;
    return id % 3 === 0 ? `${word}` : `${SPACE}w${word}`;
  });
  return [...pieces, '<blk>'].map((piece, id) => `${piece} ${id}\n`).join('');
}

export function toyScript(family: ToyFamily, changes: Partial<ToyScript> = {}): ToyScript {
  return {
    layers: family === 'v2' ? 10 : 6,
    tokens: family === 'v2' ? 16_384 : 5248,
    end: 3,
    words: { first: FIRST_TEXT + 1, count: 997 },
    kind: 'ends',
    prompt: family === 'v2' ? 10 : 9,
    broadcasts: true,
    ...changes,
  };
}

/** The files of a model by name. */
export function toyFiles(
  family: ToyFamily,
  changes: Partial<ToyScript> = {},
): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['config.json', JSON.stringify({ model_type: 'nemo-conformer-aed', features_size: 128 })],
    ['vocab.txt', toyVocabulary(family)],
    ['encoder-model.int8.onnx', toyEncoder()],
    ['decoder-model.int8.onnx', toyDecoder(toyScript(family, changes))],
  ]);
}

/** A model's directory, gone when disposed of. */
export class ToyModel implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(files: ReadonlyMap<string, string | Uint8Array>): Promise<ToyModel> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-canary-'));
    for (const [name, content] of files) {
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return new ToyModel(directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true });
  }
}
