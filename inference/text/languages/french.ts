import { entries, nouns } from '../noun.ts';
import { cardinal, ordinal } from '../number-words.ts';
import { digits } from '../numerals.ts';
import type { SpokenLanguage } from '../spoken-language.ts';
import { monthDates, monthPatterns, words } from './month-dates.ts';
import { romanNumeral } from './roman.ts';

const MONTHS = words(
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
);
const MONTH_PATTERNS = monthPatterns(
  'janv(?:ier|\\.) févr(?:ier|\\.) mars avr(?:il|\\.) mai juin juil(?:let|\\.) ao[uû]t sept(?:embre|\\.) oct(?:obre|\\.) nov(?:embre|\\.) déc(?:embre|\\.)',
);
const FEMININE =
  /(?:tion|sion|ité|ette|ance|ence|ure|ade|esse|heure|minute|seconde|fois|personne|année|semaine|page|femme|chose|question|tonne|livre|réunion|voiture|maison|journée|équipe|langue|étape|erreur|partie|ville|fille)s?$/u;

function count(value: bigint, feminine: boolean): string {
  const words = cardinal('fr', value);
  return feminine ? words.replace(/(?<!\p{L})un$/u, 'une') : words;
}

/** premier and première; other ordinals have one form. */
function ranked(value: number, feminine: boolean): string {
  if (value === 0) return 'zéroième';
  if (value === 1) return feminine ? 'première' : 'premier';
  return ordinal('fr', BigInt(value));
}

/**
 * Not covered: une before feminine nouns outside of common endings, second and seconde, septante and
 * nonante, years by hundreds (dix-neuf cent), kings.
 */
export const FRENCH: SpokenLanguage = {
  tag: 'fr',
  plurals: new Intl.PluralRules('fr'),
  decimalMark: ',',
  spaceGroups: true,
  signs: {
    minus: 'moins',
    plus: 'plus',
    equals: 'égale',
    times: 'fois',
    point: 'virgule',
    and: 'et',
    number: 'numéro',
    section: 'paragraphe',
    about: 'environ',
    less: 'moins de',
    more: 'plus de',
    at: 'arobase',
    dot: 'point',
    slash: 'barre oblique',
    dash: 'tiret',
    underscore: 'tiret bas',
    ratio: 'à',
    range: 'à',
    cents: '',
    over: 'sur',
  },
  nouns: nouns(`
    USD: dollar|dollars; EUR: euro|euros; GBP: f livre|livres; RUB: rouble|roubles; UAH: f hryvnia|hryvnias; PLN: zloty|zlotys
    JPY: yen|yens; CHF: franc|francs; CNY: yuan|yuans; cent: centime|centimes
    eurocent: centime|centimes; penny: penny|pence; kopeck: kopeck|kopecks
    kopiyka: kopeck|kopecks; grosz: grosz|grosz; rappen: centime|centimes; thousand: mille|mille; million: million|millions
    billion: milliard|milliards; trillion: billion|billions; km: kilomètre|kilomètres; m: mètre|mètres; cm: centimètre|centimètres
    mm: millimètre|millimètres; kg: kilogramme|kilogrammes; g: gramme|grammes; mg: milligramme|milligrammes; t: f tonne|tonnes
    l: litre|litres; ml: millilitre|millilitres; lb: f livre|livres; ft: pied|pieds; mi: mile|miles; ha: hectare|hectares
    km/h: kilomètre à l'heure|kilomètres à l'heure; m/s: mètre par seconde|mètres par seconde; mph: mile à l'heure|miles à l'heure
    km²: kilomètre carré|kilomètres carrés; m²: mètre carré|mètres carrés; m³: mètre cube|mètres cubes
    °C: degré Celsius|degrés Celsius; °F: degré Fahrenheit|degrés Fahrenheit; °: degré|degrés; %: pour cent|pour cent
    KB: kilooctet|kilooctets; MB: mégaoctet|mégaoctets; GB: gigaoctet|gigaoctets; TB: téraoctet|téraoctets; W: watt|watts
    kW: kilowatt|kilowatts; kWh: kilowattheure|kilowattheures; Hz: hertz|hertz; kHz: kilohertz|kilohertz; MHz: mégahertz|mégahertz
    GHz: gigahertz|gigahertz; h: f heure|heures; min: f minute|minutes; s: f seconde|secondes
  `),
  partitive: (noun) => (/^[aeiouhé]/u.test(noun) ? "d'" : 'de '),
  fractions: entries(
    '1/2: un demi; 1/3: un tiers; 2/3: deux tiers; 1/4: un quart; 3/4: trois quarts; 1/5: un cinquième; 1/8: un huitième',
  ),
  abbreviations: entries(`
    M.: monsieur; Mme: madame; Mlle: mademoiselle; MM.: messieurs; Mmes: mesdames; Dr: docteur; Dr.: docteur; Pr: professeur
    Me: maître; St: saint; Ste: sainte; p.ex.: par exemple; par ex.: par exemple; ex.: exemple; c.-à-d.: c'est-à-dire; etc.: et cetera.; env.: environ
    av.: avenue; bd: boulevard; bd.: boulevard; tél.: téléphone; vol.: volume; chap.: chapitre; art.: article; fig.: figure
    cf.: voir; max.: maximum; vs: contre; apr.J.-C.: après Jésus-Christ.; av.J.-C.: avant Jésus-Christ.; resp.: respectivement
    dépt.: département; éd.: édition; réf.: référence; S.A.: société anonyme.; R.-V.: rendez-vous; RDV: rendez-vous; bât.: bâtiment
  `),
  wordAcronyms: new Set(words('ONU PIN SIM SIDA COVID OTAN INSEE')),
  spelledAcronyms: new Set(words('OCDE')),
  letters: new Map(),
  dates: monthDates(MONTH_PATTERNS, { day: '(?:er)?', year: ' ', flags: 'giu' }),
  months: MONTH_PATTERNS,
  monthBeforeDay: false,
  times: [
    /(?<![\p{N}:.,])(?<hour>[01]?\d|2[0-4]) ?h ?(?<minute>[0-5]\d)?(?: ?min)?(?![\p{L}\p{N}])/giu,
  ],
  rules: [
    {
      pattern: /(?<![\p{L}\d.])(\d{1,6})(er|re|ère|ère|e|ème|ième|nd|nde)(s?)(?!\p{L})/gu,
      say: ([, number, mark = '', plural = '']) =>
        ranked(Number(number), /^(?:re|ère)/u.test(mark)) + plural,
    },
    {
      pattern: /(?<!\p{L})([IVX]{1,6})(?:e|ème|er) (siècles?)/gu,
      say: ([written, letters = '', noun = '']) => {
        const value = romanNumeral(letters);
        return value === undefined ? written : `${ranked(value, false)} ${noun}`;
      },
    },
    { pattern: /(?<!\p{L})n° ?(?=\d)/giu, say: () => 'numéro ' },
    { pattern: /(?<!\p{L})p\. ?(?=\d)/giu, say: () => 'page ' },
  ],
  cardinal: (value, gender) => count(value, gender === 'f'),
  decimal({ whole, fraction }) {
    const zeros = /^0*/u.exec(fraction)?.[0] ?? '';
    const rest = fraction.slice(zeros.length);
    const tail =
      rest.length > 3 ? digits(rest, FRENCH) : rest === '' ? '' : cardinal('fr', BigInt(rest));
    const said = Array.from(zeros)
      .map(() => 'zéro')
      .concat(tail === '' ? [] : [tail]);
    return `${cardinal('fr', whole)} virgule ${said.join(' ')}`;
  },
  genitive: () => false,
  bare: (value, { after }) => count(value, FEMININE.test(/^ (\p{Ll}+)/u.exec(after)?.[1] ?? '')),
  date({ from, day, month, year }) {
    const name = MONTHS[month] ?? '';
    const when = year === undefined ? '' : ` ${cardinal('fr', BigInt(year))}`;
    if (day === undefined) return `${name}${when}`;
    const said = (one: number) => (one === 1 ? 'premier' : cardinal('fr', BigInt(one)));
    return `${from === undefined ? '' : `${said(from)} au `}${said(day)} ${name}${when}`;
  },
  time({ hour, minute, second }) {
    const seconds =
      second === undefined || second === 0 ? '' : ` et ${count(BigInt(second), true)} secondes`;
    const said = `${count(BigInt(hour), true)} ${hour < 2 ? 'heure' : 'heures'}`;
    return `${said}${minute === 0 ? '' : ` ${count(BigInt(minute), true)}`}${seconds}`;
  },
};
