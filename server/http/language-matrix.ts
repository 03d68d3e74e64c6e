import type { LanguageMatrix } from '../protocol/api.ts';
import type { EngineInfo } from '../protocol/events.ts';

/** Which language can become which, and how. A pair that is not listed cannot be translated. */
export function languageMatrix({ name: _, ...abilities }: EngineInfo): LanguageMatrix {
  const { pairs, texts, recognises, identifies } = abilities;
  const inPairs = [...pairs, ...texts].flatMap(({ source, target }) => [source, target]);
  const languages = [...new Set([...inPairs, ...recognises, ...identifies])].sort();
  return { languages, ...abilities };
}
