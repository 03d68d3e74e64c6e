import { entries, nouns } from '../noun.ts';
import { cardinal, ordinal } from '../number-words.ts';
import { digits } from '../numerals.ts';
import type { SpokenLanguage, SpokenTime, Surroundings } from '../spoken-language.ts';
import { romanNumeral } from './roman.ts';
import { monthDates, monthPatterns, words } from './month-dates.ts';

const MONTHS = words(
  'January February March April May June July August September October November December',
);
const MONTH_PATTERNS = monthPatterns(
  'Jan(?:uary|\\.)? Feb(?:ruary|\\.)? Mar(?:ch|\\.)? Apr(?:il|\\.)? May June? July? Aug(?:ust|\\.)? Sept?(?:ember|\\.)? Oct(?:ober|\\.)? Nov(?:ember|\\.)? Dec(?:ember|\\.)?',
);
/** Words before a number that make a year of it. */
const BEFORE_YEAR =
  /(?:^|[^\p{L}])(?:in|since|by|until|till|from|of|the|year|years|before|after|during|to|and|circa|early|late|mid)[ -]$/iu;
const TENS = words('- - twenties thirties forties fifties sixties seventies eighties nineties');

/**
 * American English. 1984 is a year after a preposition and where no noun follows. Not covered: kings
 * by number (Henry VIII is Henry eight), "half past" and its like, chemical formulae, feet with
 * inches, 9/11 and other dates without a year in digits.
 */
export const ENGLISH: SpokenLanguage = {
  tag: 'en',
  plurals: new Intl.PluralRules('en'),
  decimalMark: '.',
  spaceGroups: false,
  signs: {
    minus: 'minus',
    plus: 'plus',
    equals: 'equals',
    times: 'times',
    point: 'point',
    and: 'and',
    number: 'number',
    section: 'section',
    about: 'about',
    less: 'less than',
    more: 'more than',
    at: 'at',
    dot: 'dot',
    slash: 'slash',
    dash: 'dash',
    underscore: 'underscore',
    ratio: 'to',
    range: 'to',
    cents: 'and ',
    over: 'over',
  },
  nouns: nouns(`
    USD: dollar|dollars; EUR: euro|euros; GBP: pound|pounds; RUB: ruble|rubles; UAH: hryvnia|hryvnias; PLN: zloty|zlotys
    JPY: yen|yen; CHF: franc|francs; CNY: yuan|yuan; cent: cent|cents
    eurocent: cent|cents; penny: penny|pence; kopeck: kopeck|kopecks
    kopiyka: kopiyka|kopiykas; grosz: grosz|groszy; rappen: rappen|rappen
    thousand: thousand|thousand; million: million|million; billion: billion|billion; trillion: trillion|trillion
    km: kilometer|kilometers; m: meter|meters; cm: centimeter|centimeters; mm: millimeter|millimeters; kg: kilogram|kilograms
    g: gram|grams; mg: milligram|milligrams; t: ton|tons; l: liter|liters; ml: milliliter|milliliters; lb: pound|pounds
    ft: foot|feet; mi: mile|miles; ha: hectare|hectares; km/h: kilometer per hour|kilometers per hour
    m/s: meter per second|meters per second; mph: mile per hour|miles per hour; km²: square kilometer|square kilometers
    m²: square meter|square meters; m³: cubic meter|cubic meters; °C: degree Celsius|degrees Celsius
    °F: degree Fahrenheit|degrees Fahrenheit; °: degree|degrees; %: percent|percent; KB: kilobyte|kilobytes
    MB: megabyte|megabytes; GB: gigabyte|gigabytes; TB: terabyte|terabytes; W: watt|watts; kW: kilowatt|kilowatts
    kWh: kilowatt hour|kilowatt hours; Hz: hertz|hertz; kHz: kilohertz|kilohertz; MHz: megahertz|megahertz
    GHz: gigahertz|gigahertz; h: hour|hours; min: minute|minutes; s: second|seconds
  `),
  partitive: () => '',
  fractions: entries(
    '1/2: a half; 1/3: one third; 2/3: two thirds; 1/4: a quarter; 3/4: three quarters; 1/5: one fifth; 1/8: one eighth',
  ),
  abbreviations: entries(`
    Dr.: Doctor; Mr.: Mister; Mrs.: Missus; Ms.: Miss; Prof.: Professor; Sr.: Senior; Jr.: Junior; Rev.: Reverend
    Gen.: General; Col.: Colonel; Capt.: Captain; Lt.: Lieutenant; Sgt.: Sergeant; Gov.: Governor; Sen.: Senator
    Rep.: Representative; Hon.: Honorable; e.g.: for example; i.e.: that is; etc.: et cetera.; vs.: versus; v.s.: versus
    approx.: approximately; dept.: department; Inc.: Incorporated.; Ltd.: Limited.; Corp.: Corporation.; Co.: Company.
    Ave.: Avenue.; Blvd.: Boulevard.; Mt.: Mount; St.: Saint; cf.: compare; a.k.a.: also known as; misc.: miscellaneous
    est.: established; govt.: government; max.: maximum; tel.: telephone; Ph.D.: P H D.; U.S.: U S.; U.S.A.: U S A.
    U.K.: U K.; U.N.: U N.; E.U.: E U.; D.C.: D C.; Jan.: January; Feb.: February; Aug.: August; Sept.: September
    Oct.: October; Nov.: November; Dec.: December; a.m.: A M.; p.m.: P M.; P.S.: P S
  `),
  wordAcronyms: new Set(words('SIM PIN RAM ROM GIF ZIP LED COVID AIDS JPEG SWAT LASER OPEC BRICS')),
  spelledAcronyms: new Set(words('YMCA IEEE ISBN UAE OECD')),
  letters: new Map(),
  dates: monthDates(MONTH_PATTERNS, {
    day: '(?:st|nd|rd|th)?(?: of)?',
    year: ',? ',
    monthFirst: true,
    flags: 'gu',
  }),
  months: MONTH_PATTERNS,
  monthBeforeDay: true,
  times: [
    /(?<![\p{N}:.,])(?<hour>\d{1,2})(?::(?<minute>[0-5]\d))? ?(?<half>[ap](?:m|\.m\.?))(?![\p{L}\p{N}])/giu,
  ],
  rules: [
    {
      pattern:
        /(?<=\p{Lu}\p{Ll}{1,20} )(?:I{2,3}|IV|VI{0,3}|IX|XI{0,3}|XIV|XV|XVI)(?![\p{L}\p{N}.'])/gu,
      say: ([written]) => cardinal('en', BigInt(romanNumeral(written) ?? 0)),
    },
    { pattern: /(?<!\d)24\/7(?!\d)/gu, say: () => 'twenty-four seven' },
    {
      pattern: /(?<![\p{L}\d.])(\d{1,15})(?:st|nd|rd|th)(?![\p{L}\d])/giu,
      say: ([, number = '']) => (BigInt(number) === 0n ? 'zeroth' : plainOrdinal(BigInt(number))),
    },
    { pattern: /(?<![\p{L}\d.])'?(\d{1,2}|1\d|20)?(\d)0'?s(?![\p{L}\d])/gu, say: decade },
    {
      pattern: /(?<!\p{L})(No|Nos|pp?|vol|fig|ch|Fl)\. ?(?=\d)/giu,
      say: ([, key = '']) => `${BEFORE_NUMBER.get(key.toLowerCase()) ?? key} `,
    },
    { pattern: /(?<=\p{L}\.? )St\.(?= ?(?:$|[^\p{L}\s]|\p{Ll}))/gu, say: () => 'Street' },
  ],
  cardinal: (value) => cardinal('en', value),
  decimal: ({ whole, fraction }) => `${cardinal('en', whole)} point ${digits(fraction, ENGLISH)}`,
  genitive: () => false,
  bare: (value, around) => (isYear(value, around) ? year(Number(value)) : cardinal('en', value)),
  date({ from, day, month, year: of, monthFirst }, { before }) {
    const name = MONTHS[month] ?? '';
    const when =
      of === undefined
        ? ''
        : `${monthFirst || day === undefined ? (day === undefined ? ' ' : ', ') : ' '}${year(of)}`;
    if (day === undefined) return `${name}${when}`;
    const days = `${from === undefined ? '' : `${plainOrdinal(BigInt(from))} to `}${plainOrdinal(BigInt(day))}`;
    if (monthFirst) return `${name} ${days}${when}`;
    return `${/\bthe $/iu.test(before) ? '' : 'the '}${days} of ${name}${when}`;
  },
  time: clock,
};

const BEFORE_NUMBER = entries(
  'no: number; nos: numbers; p: page; pp: pages; vol: volume; fig: figure; ch: chapter; fl: floor',
);

function plainOrdinal(value: bigint): string {
  return value === 0n ? 'zeroth' : ordinal('en', value);
}

/** Pairs of digits: nineteen eighty-four, nineteen oh five, two thousand six, twenty twenty-six. */
function year(value: number): string {
  const [hundreds, rest] = [Math.floor(value / 100), value % 100];
  if (value < 1000 || value > 2999 || (hundreds % 10 === 0 && rest < 10))
    return cardinal('en', BigInt(value));
  const first = cardinal('en', BigInt(hundreds));
  if (rest === 0) return `${first} hundred`;
  return `${first} ${rest < 10 ? 'oh ' : ''}${cardinal('en', BigInt(rest))}`;
}

function isYear(value: bigint, { before, after }: Surroundings): boolean {
  if (value < 1100n || value > 2099n) return false;
  const noun =
    /^ \p{Ll}/u.test(after) &&
    !/^ (?:and|or|to|was|is|were|will|when|but|with|in|at|by|as|we|he|she|they|it|the|until|through)\b/u.test(
      after,
    );
  if (BEFORE_YEAR.test(before)) return value >= 1900n || !noun;
  return value >= 1900n && !noun && !/[\p{L}\d][-#] ?$/u.test(before);
}

function decade([, hundreds = '', ten = '']: RegExpExecArray): string {
  const tens = TENS[Number(ten)];
  if (hundreds !== '' && ten === '0')
    return hundreds === '20' ? 'two thousands' : `${cardinal('en', BigInt(hundreds))} hundreds`;
  const name = tens === undefined || tens === '-' ? (ten === '1' ? 'tens' : 'zeros') : tens;
  return hundreds === '' ? name : `${cardinal('en', BigInt(hundreds))} ${name}`;
}

function clock({ hour, minute, second, half }: SpokenTime): string {
  const said = half === undefined ? '' : ` ${half.slice(0, 1).toUpperCase()} M`;
  const number = (value: number) => cardinal('en', BigInt(value));
  const small = minute < 10 ? `oh ${number(minute)}` : number(minute);
  const seconds =
    second === undefined || second === 0
      ? ''
      : ` and ${number(second)} ${second === 1 ? 'second' : 'seconds'}`;
  if (minute > 0) return `${number(hour)} ${small}${said}${seconds}`;
  if (said !== '') return `${number(hour)}${said}`;
  return hour > 12 || hour === 0
    ? `${number(hour)} hundred${seconds}`
    : `${number(hour)} o'clock${seconds}`;
}
