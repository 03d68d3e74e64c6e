import { expandAbbreviations } from './abbreviations.ts';
import { sayAcronyms } from './acronyms.ts';
import { sayAddresses } from './addresses.ts';
import { sayDates, sayTimes } from './calendar.ts';
import { clean, LONGEST_TEXT } from './clean.ts';
import { spokenLanguage } from './languages.ts';
import { sayTelephones, unifyNumbers } from './numerals.ts';
import { sayOtherNumbers } from './other-numbers.ts';
import { sayQuantities } from './quantities.ts';
import { rewriteAll } from './rewrite.ts';
import { writeInScript } from './scripts.ts';
import { dropSigns, punctuate, saySigns } from './signs.ts';
import type { SpokenLanguage } from './spoken-language.ts';

type Step = (text: string, language: SpokenLanguage) => string;

/**
 * Each step leaves less to those after it: what has digits and signs of its own goes before plain
 * numbers, numbers go before letters, and signs nobody said are dropped in the end.
 */
const STEPS: readonly Step[] = [
  sayAddresses,
  sayDates,
  sayTimes,
  sayTelephones,
  unifyNumbers,
  (text, language) => rewriteAll(text, language.rules),
  expandAbbreviations,
  saySigns,
  sayQuantities,
  sayAcronyms,
  writeInScript,
  dropSigns,
  // Those that stood behind a number and were no unit of it.
  expandAbbreviations,
  punctuate,
];

/**
 * What a voice that reads only letters and simple punctuation is to be given for `text`: numbers,
 * dates, sums, units, abbreviations and addresses in words, no markup, no emoji. Pure, quick, and
 * the same when applied to its own output. At most LONGEST_TEXT characters go in or come out.
 *
 * `language` is a BCP-47 tag. English, Russian, German, Spanish, French, Ukrainian and Polish have
 * rules; of other languages plain numbers are said where n2words knows them, and the rest is left
 * to the voice.
 */
export function speakable(text: string, language: string): string {
  const tag = language.toLowerCase().split(/[-_]/u)[0] ?? '';
  const spoken = spokenLanguage(tag);
  if (spoken === undefined) return sayOtherNumbers(clean(text), tag);
  let said = read(text, spoken);
  // Words that a step sets free can mean something to one before it: a@b.coma@b.com.
  for (let again = 0; again < MOST_READINGS; again += 1) {
    const reread = read(said, spoken);
    if (reread === said) break;
    said = reread;
  }
  return said;
}

const MOST_READINGS = 4;

function read(text: string, language: SpokenLanguage): string {
  return bounded(STEPS.reduce((said, step) => step(said, language), clean(text)));
}

/** Cuts behind a word. */
function bounded(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const reach = text.slice(0, LONGEST_TEXT - 1);
  const end = reach.lastIndexOf(' ');
  return `${reach.slice(0, end > 0 ? end : reach.length).replace(/[\s.,!?:;'-]+$/u, '')}.`;
}
