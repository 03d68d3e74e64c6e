import { entries, type Gender } from '../noun.ts';
import { digits } from '../numerals.ts';
import type { SpokenLanguage } from '../spoken-language.ts';
import { monthDates, monthPatterns, words } from './month-dates.ts';
import { romanNumeral } from './roman.ts';
import { UKRAINIAN_NOUNS } from './ukrainian-nouns.ts';
import { decline, slavicNumbers, type AdjectiveEndings } from './slavic.ts';

const MONTHS = words(
  'січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня',
);
const MONTH_PATTERNS = monthPatterns(
  'січ(?:ень|н[яі]) лют(?:ий|ого|ому) берез(?:ень|н[яі]) квіт(?:ень|н[яі]) трав(?:ень|н[яі]) черв(?:ень|н[яі]) лип(?:ень|н[яі]) серп(?:ень|н[яі]) верес(?:ень|н[яі]) жовт(?:ень|н[яі]) листопад[аі]? груд(?:ень|н[яі])',
);
const NUMBERS = slavicNumbers({
  tag: 'uk',
  one: 'один',
  neuterOne: 'одне',
  feminineOneGenitive: 'однієї',
  genitives: `нуль: нуля, один: одного, одна: однієї, два: двох, дві: двох, три: трьох, чотири: чотирьох, п'ять: п'яти
    шість: шести, сім: семи, вісім: восьми, дев'ять: дев'яти, десять: десяти, одинадцять: одинадцяти
    дванадцять: дванадцяти, тринадцять: тринадцяти, чотирнадцять: чотирнадцяти, п'ятнадцять: п'ятнадцяти
    шістнадцять: шістнадцяти, сімнадцять: сімнадцяти, вісімнадцять: вісімнадцяти, дев'ятнадцять: дев'ятнадцяти
    двадцять: двадцяти, тридцять: тридцяти, сорок: сорока, п'ятдесят: п'ятдесяти, шістдесят: шістдесяти
    сімдесят: сімдесяти, вісімдесят: вісімдесяти, дев'яносто: дев'яноста, сто: ста, двісті: двохсот, триста: трьохсот
    чотириста: чотирьохсот, п'ятсот: п'ятисот, шістсот: шестисот, сімсот: семисот, вісімсот: восьмисот
    дев'ятсот: дев'ятисот, тисяча: тисячі, тисячі: тисяч, мільйон: мільйона, мільйони: мільйонів
    мільярд: мільярда, мільярди: мільярдів, трильйон: трильйона, трильйони: трильйонів`,
  thousandths: words("двох трьох чотирьох п'яти шести семи восьми дев'яти десяти"),
  thousandth: 'тисячний',
});
const ENDINGS: AdjectiveEndings = {
  hard: entries('го: ого; му: ому; м: ому; ї: ої; а: а; у: у; е: е; і: і; ій: ій; х: их; ми: ими'),
  soft: entries(
    'го: ього; му: ьому; м: ьому; ї: ьої; а: я; у: ю; е: є; і: і; ій: ій; х: іх; ми: іми',
  ),
  nominative: /ий$/u,
  third: 'третій',
  thirdStem: 'трет',
};
const FEMININE = new Set(
  words(
    'хвилини години секунди гривні тисячі книги людини жінки дитини країни сторінки зустрічі компанії кімнати версії групи мови частини доби ночі сестри доньки дочки речі причини копійки тонни милі школи роботи лінії моделі зміни спроби',
  ),
);
const PARTICLES = new Set(
  words('і й або а але та на для до після це не то вже де за що як у в ви ми чи'),
);

function ordinal(value: number, key: string): string {
  const words = NUMBERS.ordinal(value);
  return key === 'й' ? words : decline(words, key, ENDINGS);
}

/**
 * As Russian, but two has its gender from a list of nouns, since дві книги and два столи end
 * alike, and hours are ordinals: о чотирнадцятій тридцять. Not covered: decimals in the genitive,
 * the dative, instrumental and locative of cardinals, collective numbers, півтора, nouns that are
 * not in that list.
 */
export const UKRAINIAN: SpokenLanguage = {
  tag: 'uk',
  plurals: new Intl.PluralRules('uk'),
  decimalMark: ',',
  spaceGroups: true,
  signs: {
    minus: 'мінус',
    plus: 'плюс',
    equals: 'дорівнює',
    times: 'помножити на',
    point: 'кома',
    and: 'і',
    number: 'номер',
    section: 'параграф',
    about: 'близько',
    less: 'менше',
    more: 'більше',
    at: 'равлик',
    dot: 'крапка',
    slash: 'слеш',
    dash: 'дефіс',
    underscore: 'підкреслення',
    ratio: '-',
    range: '-',
    cents: '',
    over: 'дріб',
  },
  nouns: UKRAINIAN_NOUNS,
  partitive: () => '',
  fractions: entries(
    "1/2: одна друга; 1/3: одна третина; 2/3: дві третини; 1/4: одна чверть; 3/4: три чверті; 1/5: одна п'ята; 1/8: одна восьма",
  ),
  abbreviations: entries(`
    т.т.: тобто; тобт.: тобто; і т.д.: і так далі.; й т.д.: й так далі.; і т.п.: і тому подібне.; та ін.: та інші.; і т.ін.: і таке інше.
    напр.: наприклад; див.: дивись; вул.: вулиця; просп.: проспект; обл.: область; тел.: телефон; ім.: імені; проф.: професор
    акад.: академік; доц.: доцент; н.е.: нашої ери.; до н.е.: до нашої ери.; бл.: близько; тис.: тисяч; млн: мільйонів
    млрд: мільярдів; грн: гривень; коп.: копійок.; хв.: хвилин.; т.зв.: так званий; у т.ч.: у тому числі; макс.: максимум
  `),
  wordAcronyms: new Set(words('ООН ЮНЕСКО СНІД NASA NATO COVID')),
  spelledAcronyms: new Set(words('США АЕС ОАЕ СНД ОБСЄ ЗСУ')),
  letters: entries(`
    А: а; Б: бе; В: ве; Г: ге; Ґ: ґе; Д: де; Е: е; Є: є; Ж: же; З: зе; И: и; І: і; Ї: ї; Й: йот; К: ка; Л: ел; М: ем; Н: ен
    О: о; П: пе; Р: ер; С: ес; Т: те; У: у; Ф: еф; Х: ха; Ц: це; Ч: че; Ш: ша; Щ: ща; Ю: ю; Я: я; A: ей; B: бі; C: сі; D: ді
    E: і; F: еф; G: джі; H: ейч; I: ай; J: джей; K: кей; L: ел; M: ем; N: ен; O: оу; P: пі; Q: к'ю; R: ар; S: ес; T: ті
    U: ю; V: ві; W: дабл-ю; X: екс; Y: вай; Z: зед
  `),
  dates: monthDates(MONTH_PATTERNS, { day: '(?:-?го)?', year: ' ', flags: 'giu' }),
  months: MONTH_PATTERNS,
  monthBeforeDay: false,
  times: [],
  rules: [
    {
      pattern: /(?<=(?<!\p{L})року) (?:р\.|року)(?!\p{L})/gu,
      say: (_, { after }) => (/^ \p{Lu}/u.test(after) ? '.' : ''),
    },
    {
      pattern: /(?<!\p{L})(з|від|до) ([12]\d{3}) (по|до) ([12]\d{3}) (?:рік|року|роки)(?!\p{L})/giu,
      say: ([, from = '', a, to = '', b]) =>
        `${from} ${ordinal(Number(a), 'го')} ${to} ${ordinal(Number(b), to === 'по' ? 'й' : 'го')} ${to === 'по' ? 'рік' : 'року'}`,
    },
    {
      pattern: /(?<![\p{L}\d.,-])([12]\d{3}) ?(р\.|рік|року|році|роком)(?!\p{L})/giu,
      say: ([, number, noun = ''], { before, after }) => {
        const place = /(?:^|[^\p{L}])[ву]\s$/iu.test(before);
        const full = noun === 'р.' ? (place ? 'році' : 'року') : noun;
        const key = full === 'рік' ? 'й' : full === 'році' || place ? 'м' : 'го';
        const stop = noun === 'р.' && /^\s*$|^ \p{Lu}/u.test(after) ? '.' : '';
        return `${ordinal(Number(number), key)} ${full}${stop}`;
      },
    },
    {
      pattern: /(?<![\p{L}\d.])(\d{1,9})-(?:[оиі])?(й|го|му|м|ї|а|я|у|ю|е|є|і|х|ми|ти)(?!\p{L})/gu,
      say: ([, number = '', ending = '']) => {
        const value = Number(number);
        const count = value === 0 || ending === 'ти' || (ending === 'х' && value < 5);
        return count
          ? NUMBERS.cardinal(BigInt(value), 'm', true)
          : ordinal(value, HARD_ENDING.get(ending) ?? ending);
      },
    },
    {
      pattern: /(?<!\p{L})([IVXІХ]{1,6})(?:-?(?:й|го|му))? (століття|сторіччя|столітті|ст\.)/gu,
      say: ([written, letters = '', noun = '']) => {
        const value = romanNumeral(letters.replaceAll('Х', 'X').replaceAll('І', 'I'));
        const key = noun.endsWith('і') ? 'м' : 'е';
        return value === undefined
          ? written
          : `${ordinal(value, key)} ${noun === 'ст.' ? 'століття' : noun}`;
      },
    },
    { pattern: /(?<!\p{L})(?:стор|с)\. ?(?=\d)/giu, say: () => 'сторінка ' },
    { pattern: /(?<!\p{L})м\. ?(?=\p{Lu})/gu, say: () => 'місто ' },
    { pattern: /(?<!\p{L})п\. ?(?=\p{Lu})/gu, say: () => 'пан ' },
  ],
  cardinal: (value, gender, genitive) => NUMBERS.cardinal(value, gender, genitive),
  decimal({ whole, fraction }) {
    const parts = TENTHS[fraction.length];
    if (parts === undefined)
      return `${NUMBERS.cardinal(whole, 'm', false)} кома ${digits(fraction, UKRAINIAN)}`;
    const feminine = (value: bigint, stem: string) =>
      `${NUMBERS.cardinal(value, 'f', false)} ${stem}${UKRAINIAN.plurals.select(Number(value)) === 'one' ? 'а' : 'их'}`;
    return `${feminine(whole, 'ціл')} ${feminine(BigInt(fraction), parts)}`;
  },
  genitive: ({ before, after }) =>
    GENITIVE.test(before) ||
    (/(?:^|[^\p{L}])[зі]з?\s$/iu.test(before) && /^ (?:\p{L}+ )?до /u.test(after)),
  bare(value, { after }, genitive) {
    const next = /^ (\p{Ll}[\p{Ll}']*)/u.exec(after)?.[1] ?? '';
    const gender = genderBefore(value, next, genitive);
    const said = NUMBERS.cardinal(value, gender, genitive);
    return !genitive && gender === 'f' && /[ую]$/u.test(next)
      ? said.replace(/одна$/u, 'одну')
      : said;
  },
  date({ from, day, month, monthText, year }) {
    const when = year === undefined ? '' : ` ${ordinal(year, 'го')} року`;
    if (day === undefined) return `${monthText ?? MONTHS[month] ?? ''}${when}`;
    const first = from === undefined ? '' : `${ordinal(from, 'го')}-`;
    return `${first}${ordinal(day, 'го')} ${MONTHS[month] ?? ''}${when}`;
  },
  time({ hour, minute, second }, { before, after }) {
    const key = /(?:^|[^\p{L}])об?\s$/iu.test(before)
      ? 'ій'
      : GENITIVE.test(before) || /(?:^|[^\p{L}])[зі]з?\s$/iu.test(before)
        ? 'ї'
        : 'а';
    const said = hour === 0 ? `нульов${key === 'ї' ? 'ої' : key}` : ordinal(hour, key);
    const plain = (value: number) => NUMBERS.cardinal(BigInt(value), 'f', false);
    const seconds = second === undefined || second === 0 ? '' : ` ${plain(second)} секунд`;
    if (minute === 0)
      return `${said}${/^ год/u.test(after) ? '' : ` годин${key === 'ій' ? 'і' : key === 'ї' ? 'и' : 'а'}`}${seconds}`;
    return `${said} ${minute < 10 ? 'нуль ' : ''}${plain(minute)}${seconds}`;
  },
};

/** Third alone is soft: 3-я is written with the ending it has. */
const HARD_ENDING = entries('я: а; ю: у; є: е');
const TENTHS: readonly (string | undefined)[] = [undefined, 'десят', 'сот', 'тисячн'];
const GENITIVE = /(?:^|[^\p{L}])(?:від|до|близько|більше|менше|понад|після|протягом|без|для)\s$/iu;

function genderBefore(value: bigint, next: string, genitive: boolean): Gender {
  const [last, teens] = [value % 10n, value % 100n];
  if (PARTICLES.has(next) || next === '' || (teens > 10n && teens < 20n)) return 'm';
  if (last === 1n && genitive) return /[иії]$/u.test(next) ? 'f' : 'm';
  if (last === 1n) return /[аяую]$/u.test(next) ? 'f' : /[оеє]$/u.test(next) ? 'n' : 'm';
  return last === 2n && FEMININE.has(next) ? 'f' : 'm';
}
