import { InferenceError } from '../protocol/inference-error.ts';
import type { TextRequest, TextResult } from '../protocol/task-models.ts';
import { baseLanguage } from '../routes/base-language.ts';
import type { TextTranslator } from './text-translator.ts';

/** The model `text` of an engine that has a translator of texts. Rejects with an InferenceError. */
export async function translatedTexts(
  translator: TextTranslator,
  { text, source: spoken, targets: tags }: TextRequest,
  signal: AbortSignal,
): Promise<TextResult> {
  const source = baseLanguage(spoken);
  const isPair = (target: string) =>
    translator.pairs.some((pair) => pair.source === source && pair.target === target);
  const others = new Set(tags.map(baseLanguage).filter((language) => language !== source));
  const unknown = tags.find((tag) => others.has(baseLanguage(tag)) && !isPair(baseLanguage(tag)));
  if (unknown !== undefined) {
    throw new InferenceError('badRequest', `'${spoken}' is not translated into '${unknown}'`);
  }
  const targets = [...others];
  const asked = { text, source, targets, lane: 'written' } as const;
  const said = targets.length === 0 ? [] : await translator.translate(asked, signal);
  return {
    translations: tags.map((tag) => {
      const at = targets.indexOf(baseLanguage(tag));
      return at < 0 ? text : (said[at] ?? '');
    }),
  };
}
