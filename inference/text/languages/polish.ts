import { entries, type Gender } from '../noun.ts';
import { digits } from '../numerals.ts';
import type { SpokenLanguage } from '../spoken-language.ts';
import { monthDates, monthPatterns, words } from './month-dates.ts';
import { romanNumeral } from './roman.ts';
import { POLISH_NOUNS } from './polish-nouns.ts';
import { slavicNumbers } from './slavic.ts';

const MONTHS = words(
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia',
);
const MONTH_PATTERNS = monthPatterns(
  'stycz(?:eń|nia|niu) lut(?:y|ego|ym) mar(?:zec|ca|cu) kwie(?:cień|tnia|tniu) maj[au]? czerw(?:iec|ca|cu) lip(?:iec|ca|cu) sierp(?:ień|nia|niu) wrze(?:sień|śnia|śniu) październik[au]? listopad(?:a|zie)? grud(?:zień|nia|niu)',
);
const NUMBERS = slavicNumbers({
  tag: 'pl',
  one: 'jeden',
  neuterOne: 'jedno',
  feminineOneGenitive: 'jednej',
  genitives: `zero: zera, jeden: jednego, jedna: jednej, dwa: dwóch, dwie: dwóch, trzy: trzech, cztery: czterech
    pięć: pięciu, sześć: sześciu, siedem: siedmiu, osiem: ośmiu, dziewięć: dziewięciu, dziesięć: dziesięciu
    jedenaście: jedenastu, dwanaście: dwunastu, trzynaście: trzynastu, czternaście: czternastu, piętnaście: piętnastu
    szesnaście: szesnastu, siedemnaście: siedemnastu, osiemnaście: osiemnastu, dziewiętnaście: dziewiętnastu
    dwadzieścia: dwudziestu, trzydzieści: trzydziestu, czterdzieści: czterdziestu, pięćdziesiąt: pięćdziesięciu
    sześćdziesiąt: sześćdziesięciu, siedemdziesiąt: siedemdziesięciu, osiemdziesiąt: osiemdziesięciu
    dziewięćdziesiąt: dziewięćdziesięciu, sto: stu, dwieście: dwustu, trzysta: trzystu, czterysta: czterystu
    pięćset: pięciuset, sześćset: sześciuset, siedemset: siedmiuset, osiemset: ośmiuset, dziewięćset: dziewięciuset
    tysiąc: tysiąca, tysiące: tysięcy, milion: miliona, miliony: milionów, miliard: miliarda, miliardy: miliardów`,
  thousandths: words('dwu trzy cztero pięcio sześcio siedmio ośmio dziewięcio dziesięcio'),
  thousandth: 'tysięczny',
});
const FEMININE = new Set(
  words(
    'godziny minuty sekundy osoby strony kobiety książki złotówki sztuki części rzeczy wersje grupy firmy szkoły ulice noce córki siostry lekcje stacje opcje próby kobietami kawy zmiany linie prace doby kopie',
  ),
);

/** Polish declines the tens of an ordinal too: dwudziestego pierwszego. */
function ordinal(
  value: number,
  ending: 'y' | 'ego' | 'emu' | 'ym' | 'a' | 'ą' | 'ej' | 'e' | 'ych',
): string {
  const words = NUMBERS.ordinal(value).split(' ');
  const last = words.length - 1;
  return words
    .map((word, at) =>
      at === last || (at === last - 1 && /(?:dziesty|dziesiąty)$/u.test(word))
        ? declined(word, ending)
        : word,
    )
    .join(' ');
}

function declined(word: string, ending: string): string {
  const soft = /[^k]i$/u.test(word);
  const stem = word.slice(0, -1);
  if (ending === 'y') return word;
  if (word.endsWith('drugi'))
    return stem + (/^e/u.test(ending) ? `i${ending}` : ending.replace(/^y/u, 'i'));
  if (soft) return stem + ending.replace(/^y/u, 'i').replace(/^(?=[eaą])/u, 'i');
  return stem + ending;
}

const SUFFIXES = entries(
  'go: ego; ego: ego; mu: emu; emu: emu; m: ym; ym: ym; a: a; ą: ą; ej: ej; e: e; ych: ych; ch: ych; y: y; i: y; szy: y; gi: y; ci: y; ty: y',
);
type Ending = Parameters<typeof ordinal>[1];

/**
 * Numbers are in the nominative, in the genitive behind od, do, około and their like; years are
 * ordinals beside a form of rok, hours are ordinals. Not covered: a bare hour (o 10), numbers of
 * men (dwóch mężczyzn), the dative and instrumental, collective numbers (dwoje), dwie for nouns
 * outside its list, półtora.
 */
export const POLISH: SpokenLanguage = {
  tag: 'pl',
  plurals: new Intl.PluralRules('pl'),
  decimalMark: ',',
  spaceGroups: true,
  signs: {
    minus: 'minus',
    plus: 'plus',
    equals: 'równa się',
    times: 'razy',
    point: 'przecinek',
    and: 'i',
    number: 'numer',
    section: 'paragraf',
    about: 'około',
    less: 'mniej niż',
    more: 'więcej niż',
    at: 'małpa',
    dot: 'kropka',
    slash: 'ukośnik',
    dash: 'myślnik',
    underscore: 'podkreślnik',
    ratio: 'do',
    range: '-',
    cents: '',
    over: 'przez',
  },
  nouns: POLISH_NOUNS,
  partitive: () => '',
  fractions: entries(
    '1/2: jedna druga; 1/3: jedna trzecia; 2/3: dwie trzecie; 1/4: jedna czwarta; 3/4: trzy czwarte; 1/5: jedna piąta; 1/8: jedna ósma',
  ),
  abbreviations: entries(`
    tj.: to jest; tzn.: to znaczy; np.: na przykład; itd.: i tak dalej.; itp.: i tym podobne.; m.in.: między innymi; prof.: profesor
    dr: doktor; mgr: magister; inż.: inżynier; ul.: ulica; al.: aleja; tel.: telefon; ok.: około; tzw.: tak zwany; wg: według
    godz.: godzina; św.: święty; nr: numer; str.: strona; ws.: w sprawie; pt.: pod tytułem; p.n.e.: przed naszą erą.; n.e.: naszej ery.
    im.: imienia; pl.: plac; woj.: województwo; mies.: miesięcy.; tys.: tysięcy; mln: milionów; mld: miliardów; maks.: maksymalnie
  `),
  wordAcronyms: new Set(words('PIN SIM VAT ZUS COVID AIDS')),
  spelledAcronyms: new Set(words('OBWE')),
  letters: new Map(),
  dates: monthDates(MONTH_PATTERNS, { day: '(?:-?(?:go|ego))?', year: ' ', flags: 'giu' }),
  months: MONTH_PATTERNS,
  monthBeforeDay: false,
  times: [
    /(?<=(?:godz(?:\.|inie|iny|ina)|\bo) )(?<![\p{N}:.,])(?<hour>\d{1,2})\.(?<minute>[0-5]\d)(?![\p{N}:]|[.,]\d)/giu,
  ],
  rules: [
    {
      pattern: /(?<=(?<!\p{L})roku) (?:r\.|roku)(?!\p{L})/gu,
      say: (_, { after }) => (/^ \p{Lu}/u.test(after) ? '.' : ''),
    },
    {
      pattern: /(?<!\p{L})(od|z) ([12]\d{3}) do ([12]\d{3}) roku(?!\p{L})/giu,
      say: ([, from = '', a, b]) =>
        `${from} ${ordinal(Number(a), 'ego')} do ${ordinal(Number(b), 'ego')} roku`,
    },
    {
      pattern: /(?<![\p{L}\d.,-])([12]\d{3}) ?(r\.|rok|roku|rokiem)(?!\p{L})/giu,
      say: ([, number, noun = ''], { before, after }) => {
        const full = noun === 'r.' ? 'roku' : noun;
        const place = /(?:^|[^\p{L}])(?:we?|po)\s$/iu.test(before);
        const ending = full === 'rok' ? 'y' : full === 'rokiem' || place ? 'ym' : 'ego';
        const stop = noun === 'r.' && /^\s*$|^ \p{Lu}/u.test(after) ? '.' : '';
        return `${ordinal(Number(number), ending)} ${full}${stop}`;
      },
    },
    {
      pattern:
        /(?<![\p{L}\d.])(\d{1,9})-(ego|go|emu|mu|ym|ych|szy|gi|ci|ty|ej|m|ch|a|ą|e|y|i)(?!\p{L})/gu,
      say: ([, number = '', suffix = '']) =>
        Number(number) === 0
          ? 'zerowy'
          : ordinal(Number(number), ending(SUFFIXES.get(suffix) ?? 'y')),
    },
    {
      pattern: /(?<!\p{L})([IVX]{1,6}) (wiek|wieku|wiekiem|w\.)(?!\p{L})/gu,
      say: ([written, letters = '', noun = ''], { before }) => {
        const value = romanNumeral(letters);
        const place = /(?:^|[^\p{L}])we?\s$/iu.test(before);
        const key = noun === 'wiek' ? 'y' : place || noun === 'wiekiem' ? 'ym' : 'ego';
        return value === undefined
          ? written
          : `${ordinal(value, key)} ${noun === 'w.' ? 'wieku' : noun}`;
      },
    },
  ],
  cardinal: (value, gender, genitive) => NUMBERS.cardinal(value, gender, genitive),
  decimal({ whole, fraction }) {
    const rest = /^0|^\d{4}/u.test(fraction)
      ? digits(fraction, POLISH)
      : NUMBERS.cardinal(BigInt(fraction), 'm', false);
    return `${NUMBERS.cardinal(whole, 'm', false)} przecinek ${rest}`;
  },
  genitive: ({ before }) => GENITIVE.test(before),
  bare(value, { after }, genitive) {
    return NUMBERS.cardinal(
      value,
      genderBefore(value, /^ (\p{Ll}+)/u.exec(after)?.[1] ?? ''),
      genitive,
    );
  },
  date({ from, day, month, monthText, year }) {
    const when = year === undefined ? '' : ` ${ordinal(year, 'ego')} roku`;
    if (day === undefined) return `${monthText ?? MONTHS[month] ?? ''}${when}`;
    const first = from === undefined ? '' : `${ordinal(from, 'ego')}-`;
    return `${first}${ordinal(day, 'ego')} ${MONTHS[month] ?? ''}${when}`;
  },
  time({ hour, minute, second }, { before }) {
    const key = /(?:^|[^\p{L}])przed\s$/iu.test(before)
      ? 'ą'
      : OBLIQUE_HOUR.test(before)
        ? 'ej'
        : 'a';
    const said = hour === 0 ? `zerow${key}` : ordinal(hour, key);
    const plain = (value: number) => NUMBERS.cardinal(BigInt(value), 'm', false);
    const seconds = second === undefined || second === 0 ? '' : ` i ${plain(second)} sekund`;
    return `${said}${minute === 0 ? '' : ` ${minute < 10 ? 'zero ' : ''}${plain(minute)}`}${seconds}`;
  },
};

const GENITIVE = /(?:^|[^\p{L}])(?:od|do|około|powyżej|poniżej|z|bez|dla|po upływie)\s$/iu;
const OBLIQUE_HOUR = /(?:^|[^\p{L}])(?:o|od|do|po|około|godzinie|godziny)\s$/iu;

function ending(written: string): Ending {
  const known: readonly Ending[] = ['y', 'ego', 'emu', 'ym', 'a', 'ą', 'ej', 'e', 'ych'];
  return known.find((one) => one === written) ?? 'y';
}

function genderBefore(value: bigint, next: string): Gender {
  if (value === 1n)
    return /(?:a|ść|ię)$/u.test(next) && next !== 'a' ? 'f' : /[oe]$/u.test(next) ? 'n' : 'm';
  return FEMININE.has(next) ? 'f' : 'm';
}
