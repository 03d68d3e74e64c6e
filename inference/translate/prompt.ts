import { languagesOf, type Family } from './languages.ts';
import type { Vocabulary } from './vocabulary.ts';

/** NeMo's SentencePiece puts a lone space before the prompt of v2 models; flash models have none. */
const LONE_SPACE = '\u2581';

/** What ends every text. */
export const END_OF_TEXT = '<|endoftext|>';

/** Only v2 vocabularies have the pair that this belongs to. */
const V2_ONLY = '<|predict_lang|>';

export function familyOf(vocabulary: Vocabulary): Family {
  return vocabulary.has(V2_ONLY) ? 'v2' : 'flash';
}

/** Turns a direction into what the decoder is given first. */
export class Prompts {
  readonly #vocabulary: Vocabulary;
  readonly #lead: readonly number[];

  /**
   * Throws a VocabularyError where a piece is missing that any prompt of the family needs.
   * `leadingSpace` overrides what is known of the family, for models that were exported differently.
   */
  constructor(vocabulary: Vocabulary, family: Family, leadingSpace = family === 'v2') {
    this.#vocabulary = vocabulary;
    this.#lead = leadingSpace ? [vocabulary.id(LONE_SPACE)] : [];
    for (const language of languagesOf(family)) this.of(language, language);
    vocabulary.id(END_OF_TEXT);
  }

  /**
   * The canary2 prompt. A target like the source asks for a transcript, another for a translation.
   * Slots are known by their place: in another order the model would do something else.
   */
  of(source: string, target: string): readonly number[] {
    const pieces = [
      '<|startofcontext|>',
      '<|startoftranscript|>',
      '<|emo:undefined|>',
      `<|${source}|>`,
      `<|${target}|>`,
      '<|pnc|>',
      '<|noitn|>',
      '<|notimestamp|>',
      '<|nodiarize|>',
    ];
    return [...this.#lead, ...pieces.map((piece) => this.#vocabulary.id(piece))];
  }
}
