import { RequestError } from '../errors.ts';
import type { EngineInfo } from '../protocol/events.ts';
import type { LanguageTag } from '../protocol/ids.ts';

type Pairs = readonly { readonly source: string; readonly target: string }[];

/** Throws a RequestError 'unavailable' while there is no engine that could be asked. */
export function requireEngine({ state }: EngineInfo): void {
  if (state === 'ready') return;
  throw new RequestError(
    'unavailable',
    'the translation engine is not ready; try again in a while',
  );
}

/** Throws a RequestError 'badLanguage' unless all this can be understood and translated. */
export function requireLanguages(
  how: { readonly recognises?: readonly string[]; readonly pairs: Pairs },
  source: LanguageTag,
  targets: readonly LanguageTag[],
): void {
  if (how.recognises && !how.recognises.some((each) => alike(each, source))) {
    throw new RequestError('badLanguage', `speech in '${source}' is not understood here`);
  }
  const known = (target: string) =>
    how.pairs.some((pair) => alike(pair.source, source) && alike(pair.target, target));
  const missing = targets.find((target) => !known(target));
  if (missing === undefined) return;
  throw new RequestError('badLanguage', `'${source}' is not translated into '${missing}' here`);
}

/** Regions and scripts are the engine's business. */
function alike(a: string, b: string): boolean {
  return a.split('-', 1)[0] === b.split('-', 1)[0];
}
