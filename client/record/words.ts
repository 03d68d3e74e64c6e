import type { LanguageTag } from '../../server/protocol/ids.ts';
import type { RecordLine } from '../../server/protocol/record.ts';
import { m } from '../paraglide/messages.js';
import { gapText } from '../state/caption-lines.ts';

/** What would break a line in two, or turn the order of the words around it. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** Whatever a name or a sentence contains, it stays within its line. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(UNRULY, ' ').trim();
}

/** Who said it. A name of which nothing can be seen is none. */
export function speakerOf({ displayName }: RecordLine): string {
  return oneLine(displayName) || m.record_someone();
}

/**
 * A name beside words of another direction: neither turns the other around (Unicode Standard Annex 9,
 * first strong isolate). Only for what `oneLine` has cleaned.
 */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

/** A line's texts, cleaned, translation first; those without words are left out. */
export interface Words {
  readonly texts: readonly { readonly language: LanguageTag; readonly text: string }[];
  /** Where words are missing, said in words. */
  readonly gap: string | undefined;
}

export function wordsOf({ source, original, translation, gap }: RecordLine): Words {
  const said = { language: source, text: oneLine(original) };
  const translated = translation && {
    language: translation.language,
    text: oneLine(translation.text),
  };
  return {
    texts: [...(translated ? [translated] : []), said].filter(({ text }) => text !== ''),
    gap: gap && gapText(gap),
  };
}
