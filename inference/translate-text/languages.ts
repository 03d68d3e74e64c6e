import type { LanguagePair } from '../protocol/task-models.ts';

/** What meetings are held in: of all languages that a model may know, only these are offered. */
const OF_MEETINGS =
  'bg ca cs da de el en eo es et fi fr gl hr hu it lt lv mt nl pl pt ro ru sk sl sv uk'.split(' ');

/** Each of these languages into each other, as far as meetings are held in them. */
export function pairsAmong(known: readonly string[]): readonly LanguagePair[] {
  const languages = OF_MEETINGS.filter((language) => known.includes(language));
  return languages.flatMap((source) =>
    languages.filter((target) => target !== source).map((target) => ({ source, target })),
  );
}
