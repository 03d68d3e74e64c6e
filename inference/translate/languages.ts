import { InferenceError } from '../protocol/inference-error.ts';
import type { EngineLanguages } from '../protocol/task-models.ts';

/** Every model translates between English and its other languages, and between no others. */
const HUB = 'en';

/** The two kinds of Canary that there are graphs for, told apart by their vocabularies. */
export type Family = 'v2' | 'flash';

const V2_OTHERS = 'bg hr cs da nl et fi fr de el hu it lv lt mt pl pt ro sk sl es sv ru uk';
const FLASH_OTHERS = 'de es fr';

/** ISO 639-1 codes, English first. */
export function languagesOf(family: Family): readonly string[] {
  return [HUB, ...(family === 'v2' ? V2_OTHERS : FLASH_OTHERS).split(' ')];
}

export function engineLanguages(family: Family): EngineLanguages {
  const recognises = languagesOf(family);
  const others = recognises.filter((language) => language !== HUB);
  return {
    engine: 'canary',
    recognises,
    pairs: others.flatMap((other) => [
      { source: HUB, target: other },
      { source: other, target: HUB },
    ]),
  };
}

/** A request's languages as the model knows them. */
export interface Direction {
  readonly source: string;
  readonly targets: readonly string[];
}

/** Throws `badRequest` that names the language, or the pair, which this family does not have. */
export function directionOf(family: Family, { source: spoken, targets }: Direction): Direction {
  const known = languagesOf(family);
  const source = baseLanguage(spoken);
  if (!known.includes(source)) {
    throw new InferenceError('badRequest', `speech in '${spoken}' is not recognised`);
  }
  return {
    source,
    targets: targets.map((tag) => {
      const target = baseLanguage(tag);
      const direct = source === HUB ? known.includes(target) : target === HUB;
      if (direct || target === source) return target;
      throw new InferenceError('badRequest', `'${spoken}' is not translated into '${tag}'`);
    }),
  };
}

/** Language of a BCP-47 tag, without its region or script. */
function baseLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}
