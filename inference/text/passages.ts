import { cutBefore, sentences } from './phrases.ts';

/** What stays as it is: line breaks and addresses. */
const KEPT = /(\r?\n|https?:\/\/\S+)/u;
const HAS_WORDS = /[\p{L}\p{N}]/u;

/** A text taken apart for a translator. */
export interface Passages {
  /** What is to be translated, piece by piece; never blank. */
  readonly words: readonly string[];
  /** The text with other words in their places. */
  readonly with: (translated: readonly string[]) => string;
}

/**
 * Takes a text apart: into sentences, and into parts of those that are longer than `limit` characters.
 * Line breaks, spaces and addresses stay where they are, and so does what has no word in it.
 * `language` is the text's, a BCP-47 tag.
 */
export function passages(
  text: string,
  { language, limit }: { readonly language: string; readonly limit: number },
): Passages {
  const words: string[] = [];
  /** What stands before each of the words, and behind the last. */
  const between: string[] = [''];
  const keep = (part: string) => {
    between.push((between.pop() ?? '') + part);
  };
  for (const [index, passage] of text.split(KEPT).entries()) {
    const isKept = index % 2 === 1;
    for (const piece of isKept ? [passage] : pieces(passage, language, limit)) {
      const core = piece.trim();
      if (isKept || !HAS_WORDS.test(core)) {
        keep(piece);
        continue;
      }
      const start = piece.indexOf(core);
      keep(piece.slice(0, start));
      words.push(core);
      between.push(piece.slice(start + core.length));
    }
  }
  return {
    words,
    with: (translated) => between.map((part, i) => part + (translated[i] ?? '')).join(''),
  };
}

/** Translates a text piece by piece, one after the other. */
export async function byPieces(
  { words, with: whole }: Passages,
  translate: (piece: string) => Promise<string>,
): Promise<string> {
  const translated: string[] = [];
  for (const piece of words) translated.push(await translate(piece));
  return whole(translated);
}

function pieces(passage: string, language: string, limit: number): readonly string[] {
  const found: string[] = [];
  for (const sentence of sentences(passage, language)) {
    let rest = sentence;
    while (rest.trim().length > limit) {
      const cut = cutBefore(rest, limit);
      found.push(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    if (rest !== '') found.push(rest);
  }
  return found;
}
