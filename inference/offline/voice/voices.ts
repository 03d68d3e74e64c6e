import { InferenceError } from '../../protocol/inference-error.ts';
import { voiceOf } from '../../synthesize/voice-name.ts';
import { baseLanguage } from '../../routes/base-language.ts';

/**
 * espeak-ng's voice for each language. Version 1.51 speaks no Galician: its spelling is read best
 * by the Spanish voice, which shares "ñ", "ll", "z" and the open vowels (Portuguese reduces them
 * beyond recognition); only "x" comes out as in Spanish.
 */
const LANGUAGES = new Map([
  ['es', 'es'],
  ['ca', 'ca'],
  ['gl', 'es'],
  ['eo', 'eo'],
  ['en', 'en-us'],
  ['fr', 'fr-fr'],
  // The other languages of Canary, which espeak-ng calls by their own tags.
  ...'bg hr cs da nl et fi de el hu it lv lt mt pl pt ro ru sk sl sv uk'
    .split(' ')
    .map((tag): [string, string] => [tag, tag]),
]);

export const ESPEAK_LANGUAGES: readonly string[] = [...LANGUAGES.keys()];

/** A timbre of espeak-ng's (voices/!v) and a pitch, 0 to 100 with 50 as it was made. */
interface Timbre {
  readonly variant: string;
  readonly pitch: number;
}

/** Ordered so that the first speakers of a meeting differ the most. */
const TIMBRES: Record<'male' | 'female', readonly [Timbre, ...Timbre[]]> = {
  male: [
    { variant: 'm3', pitch: 50 },
    { variant: 'm7', pitch: 75 },
    { variant: 'm4', pitch: 30 },
    { variant: 'Michael', pitch: 60 },
    { variant: 'm6', pitch: 40 },
    { variant: 'max', pitch: 85 },
  ],
  female: [
    { variant: 'f2', pitch: 45 },
    { variant: 'f4', pitch: 20 },
    { variant: 'f3', pitch: 70 },
    { variant: 'Annie', pitch: 55 },
    { variant: 'f5', pitch: 35 },
    { variant: 'steph', pitch: 60 },
  ],
};

export interface EspeakVoice {
  /** As `espeak_SetVoiceByName` takes it. */
  readonly name: string;
  readonly pitch: number;
}

/** A voice whose number is higher than there are timbres starts over. Throws `badRequest`. */
export function espeakVoice(language: string, voice: string): EspeakVoice {
  const spoken = LANGUAGES.get(baseLanguage(language));
  if (!spoken) throw new InferenceError('badRequest', `'${language}' is not spoken`);
  const { kind, variant } = voiceOf(voice);
  const timbres = TIMBRES[kind];
  const timbre = timbres[variant % timbres.length] ?? timbres[0];
  return { name: `${spoken}+${timbre.variant}`, pitch: timbre.pitch };
}
