import { InferenceError } from '../protocol/inference-error.ts';
import type { EngineLanguages } from '../protocol/task-models.ts';
import { baseLanguage } from '../routes/base-language.ts';
import { HUB, Routes, type Translates } from '../routes/routes.ts';

/** The two kinds of Canary that there are graphs for, told apart by their vocabularies. */
export type Family = 'v2' | 'flash';

const V2_OTHERS = 'bg hr cs da nl et fi fr de el hu it lv lt mt pl pt ro sk sl es sv ru uk';
const FLASH_OTHERS = 'de es fr';

/** ISO 639-1 codes, English first. Each is translated into English and back, and into no other. */
export function languagesOf(family: Family): readonly string[] {
  return [HUB, ...(family === 'v2' ? V2_OTHERS : FLASH_OTHERS).split(' ')];
}

/** The ways out of a family's languages; `texts`: what translates English text onward. */
export function canaryRoutes(family: Family, texts?: Translates): Routes {
  const others = languagesOf(family).filter((language) => language !== HUB);
  const pairs = others.flatMap((other) => [
    { source: HUB, target: other },
    { source: other, target: HUB },
  ]);
  return new Routes({ engine: 'canary', pairs }, texts);
}

export function engineLanguages(family: Family, texts?: Translates): EngineLanguages {
  const recognises = languagesOf(family);
  return {
    engine: 'canary',
    recognises,
    pairs: canaryRoutes(family, texts).pairs(recognises),
    texts: texts?.pairs ?? [],
    identifies: [],
  };
}

/** A request's languages as the model knows them. */
export interface Direction {
  readonly source: string;
  readonly targets: readonly string[];
  /** Those of the targets that are reached by English text. */
  readonly onward: ReadonlySet<string>;
}

/** Throws `badRequest` that names the language, or the pair, which this family does not have. */
export function directionOf(
  family: Family,
  routes: Routes,
  { source: spoken, targets }: Pick<Direction, 'source' | 'targets'>,
): Direction {
  const known = languagesOf(family);
  const source = baseLanguage(spoken);
  if (!known.includes(source)) {
    throw new InferenceError('badRequest', `speech in '${spoken}' is not recognised`);
  }
  const onward = new Set<string>();
  const reached = targets.map((tag) => {
    const target = baseLanguage(tag);
    const { kind } = routes.of(source, target);
    if (kind === 'impossible') {
      throw new InferenceError('badRequest', `'${spoken}' is not translated into '${tag}'`);
    }
    if (kind === 'through') onward.add(target);
    return target;
  });
  return { source, targets: reached, onward };
}
