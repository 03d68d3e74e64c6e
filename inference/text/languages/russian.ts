import { agree, entries, type Gender } from '../noun.ts';
import { digits } from '../numerals.ts';
import type { SpokenLanguage, Surroundings } from '../spoken-language.ts';
import { monthDates, monthPatterns, words } from './month-dates.ts';
import { romanNumeral } from './roman.ts';
import { RUSSIAN_NOUNS } from './russian-nouns.ts';
import { decline, slavicNumbers, type AdjectiveEndings } from './slavic.ts';

const MONTHS = words(
  'января февраля марта апреля мая июня июля августа сентября октября ноября декабря',
);
const MONTH_PATTERNS = monthPatterns(
  'янв(?:ар[ьяе]|\\.) фев(?:рал[ьяе]|р?\\.) март[ае]? апр(?:ел[ьяе]|\\.) ма[йяе] июн[ьяе] июл[ьяе] авг(?:уст[ае]?|\\.) сент(?:ябр[ьяе]|\\.) окт(?:ябр[ьяе]|\\.) нояб(?:р[ьяе]|\\.) дек(?:абр[ьяе]|\\.)',
);
const NUMBERS = slavicNumbers({
  tag: 'ru',
  one: 'один',
  neuterOne: 'одно',
  feminineOneGenitive: 'одной',
  genitives: `ноль: нуля, один: одного, одна: одной, два: двух, две: двух, три: трёх, четыре: четырёх, пять: пяти
    шесть: шести, семь: семи, восемь: восьми, девять: девяти, десять: десяти, одиннадцать: одиннадцати
    двенадцать: двенадцати, тринадцать: тринадцати, четырнадцать: четырнадцати, пятнадцать: пятнадцати
    шестнадцать: шестнадцати, семнадцать: семнадцати, восемнадцать: восемнадцати, девятнадцать: девятнадцати
    двадцать: двадцати, тридцать: тридцати, сорок: сорока, пятьдесят: пятидесяти, шестьдесят: шестидесяти
    семьдесят: семидесяти, восемьдесят: восьмидесяти, девяносто: девяноста, сто: ста, двести: двухсот, триста: трёхсот
    четыреста: четырёхсот, пятьсот: пятисот, шестьсот: шестисот, семьсот: семисот, восемьсот: восьмисот
    девятьсот: девятисот, тысяча: тысячи, тысячи: тысяч, миллион: миллиона, миллиона: миллионов
    миллиард: миллиарда, миллиарда: миллиардов, триллион: триллиона, триллиона: триллионов`,
  thousandths: words('двух трёх четырёх пяти шести семи восьми девяти десяти'),
  thousandth: 'тысячный',
});
const ENDINGS: AdjectiveEndings = {
  hard: entries(
    'го: ого; му: ому; м: ом; ым: ым; я: ая; ю: ую; ое: ое; ые: ые; х: ых; ми: ыми; й: ый',
  ),
  soft: entries('го: его; му: ему; м: ем; ым: им; я: я; ю: ю; ое: е; ые: и; х: их; ми: ими'),
  nominative: /(?:ый|ой|ий)$/u,
  third: 'третий',
  thirdStem: 'треть',
};
/** How an ordinal ends before a form of год or век. */
const CASE_OF_NOUN = entries('г: й; а: го; у: му; е: м; ом: ым; ы: ые; ов: х; ам: ым');
const PARTICLES = new Set(
  words(
    'и или а но на для до после это не то уже где за как что она они мне меня тебя тебе у по же ли было была мы вы при если чтобы когда всегда сегодня завтра вчера тоже только года часа часы минуты',
  ),
);

/** Endings by which a case of the ordinal is told: `го` for the genitive masculine, as in 5-го. */
function ordinal(value: number, key: string): string {
  const words = NUMBERS.ordinal(value);
  return key === 'й' ? words : decline(words, key, ENDINGS);
}

/**
 * Numbers are in the nominative, in the genitive behind от, до, около, более and their like; their
 * gender follows the next word by its ending. Years are ordinals beside a form of год, days of
 * months ordinals in the genitive. Not covered: decimals in the genitive (около 1,2), the dative,
 * instrumental and prepositional of cardinals (с 5 людьми), animate accusatives, одну outside of
 * nouns in -у and -ю, collective numbers (двое), полтора, words that only context gives a gender,
 * adjectives behind от and до with their own case.
 */
export const RUSSIAN: SpokenLanguage = {
  tag: 'ru',
  plurals: new Intl.PluralRules('ru'),
  decimalMark: ',',
  spaceGroups: true,
  signs: {
    minus: 'минус',
    plus: 'плюс',
    equals: 'равно',
    times: 'умножить на',
    point: 'запятая',
    and: 'и',
    number: 'номер',
    section: 'параграф',
    about: 'около',
    less: 'меньше',
    more: 'больше',
    at: 'собака',
    dot: 'точка',
    slash: 'слэш',
    dash: 'дефис',
    underscore: 'подчёркивание',
    ratio: '-',
    range: '-',
    cents: '',
    over: 'дробь',
  },
  nouns: RUSSIAN_NOUNS,
  partitive: () => '',
  fractions: entries(
    '1/2: одна вторая; 1/3: одна треть; 2/3: две трети; 1/4: одна четверть; 3/4: три четверти; 1/5: одна пятая; 1/8: одна восьмая',
  ),
  abbreviations: entries(`
    США: сэ-шэ-а; чел.: человек.; т.е.: то есть; т.к.: так как; и т.д.: и так далее.; и т.п.: и тому подобное.; и др.: и другие.; и пр.: и прочее.
    напр.: например; см.: смотри; ср.: сравни; ул.: улица; просп.: проспект; пер.: переулок; обл.: область; тел.: телефон
    им.: имени; проф.: профессор; акад.: академик; доц.: доцент; т.н.: так называемый; т.наз.: так называемый
    в т.ч.: в том числе; н.э.: нашей эры.; до н.э.: до нашей эры.; ок.: около; тыс.: тысяч; млн: миллионов; млрд: миллиардов
    руб.: рублей.; коп.: копеек.; мин.: минут.; сек.: секунд.; г-н: господин; г-жа: госпожа; р-н: район; гл.обр.: главным образом
    с.г.: сего года.; и.о.: исполняющий обязанности; след.: следующий; макс.: максимум; англ.: английский; рус.: русский
  `),
  wordAcronyms: new Set(words('ООН ВУЗ ОМОН СПИД ЮНЕСКО NASA NATO COVID')),
  spelledAcronyms: new Set(words('США АЭС ЮАР ОАЭ СНГ ОБСЕ')),
  letters: entries(`
    А: а; Б: бэ; В: вэ; Г: гэ; Д: дэ; Е: е; Ж: жэ; З: зэ; И: и; К: ка; Л: эл; М: эм; Н: эн; О: о; П: пэ; Р: эр; С: эс; Т: тэ
    У: у; Ф: эф; Х: ха; Ц: цэ; Ч: че; Ш: ша; Щ: ща; Э: э; Ю: ю; Я: я; A: эй; B: би; C: си; D: ди; E: и; F: эф; G: джи; H: эйч
    I: ай; J: джей; K: кей; L: эл; M: эм; N: эн; O: оу; P: пи; Q: кью; R: ар; S: эс; T: ти; U: ю; V: ви; W: дабл-ю; X: экс
    Y: уай; Z: зед
  `),
  dates: monthDates(MONTH_PATTERNS, { day: '(?:-?го)?', year: ' ', flags: 'giu' }),
  months: MONTH_PATTERNS,
  monthBeforeDay: false,
  times: [],
  rules: [
    {
      pattern: /(?<=(?<!\p{L})года) (?:г\.|года?)(?!\p{L})/gu,
      say: (_, { after }) => (/^ \p{Lu}/u.test(after) ? '.' : ''),
    },
    {
      pattern: /(?<!\p{L})(с|по|до) ([12]\d{3}) (по|до) ([12]\d{3}) год(ы|а?)(?!\p{L})/giu,
      say: ([, from = '', a, to = '', b]) =>
        `${from} ${ordinal(Number(a), 'го')} ${to} ${ordinal(Number(b), to === 'по' ? 'й' : 'го')} ${to === 'по' ? 'год' : 'года'}`,
    },
    {
      pattern: /(?<![\p{L}\d.,-])([12]\d{3}) ?(?:(г)\.|год(а|у|ом)?)(?!\p{L})/giu,
      say: ([written, number, short, ending = 'г'], { before, after }) => {
        const place = /(?:^|[^\p{L}])во?\s$/iu.test(before);
        const key =
          short === undefined
            ? ending
            : place
              ? 'у'
              : /(?:^|[^\p{L}])к\s$/iu.test(before)
                ? 'у'
                : 'а';
        const said = ordinal(
          Number(number),
          place && key === 'у' ? 'м' : (CASE_OF_NOUN.get(key) ?? 'й'),
        );
        const stop = written.endsWith('.') && /^\s*$|^ \p{Lu}/u.test(after) ? '.' : '';
        return `${said} год${key === 'г' ? '' : key}${stop}`;
      },
    },
    {
      pattern: /(?<![\p{L}\d.])(\d{1,9})-(?:[ыо])?(й|го|му|м|я|ая|ю|ую|е|х|ых|ми|ти)(?!\p{L})/gu,
      say: ([, number = '', ending = ''], around) => suffixed(Number(number), ending, around),
    },
    {
      pattern:
        /(?<!\p{L})([IVXХ]{1,6})(?:-?(?:й|го|м|х))? (?:(века?х?|веке|веку|веком|веков|веками)(?!\p{L})|в\.)/gu,
      say: ([written, letters = '', noun = 'века']) => {
        const value = romanNumeral(letters.replaceAll('Х', 'X'));
        const ending = noun.slice(3) || 'г';
        return value === undefined
          ? written
          : `${ordinal(value, CASE_OF_NOUN.get(ending) ?? 'й')} ${noun}`;
      },
    },
    {
      pattern: /(?<!\p{L})(стр|рис|гл|п|пп|д|кв|ст|т|ч)\. ?(?=\d)/giu,
      say: ([, key = '']) => `${BEFORE_NUMBER.get(key.toLowerCase()) ?? key} `,
    },
    { pattern: /(?<!\p{L})г\. ?(?=\p{Lu})/gu, say: () => 'город ' },
  ],
  cardinal: (value, gender, genitive) => NUMBERS.cardinal(value, gender, genitive),
  decimal: ({ whole, fraction }) => {
    const parts = TENTHS[fraction.length];
    if (parts === undefined)
      return `${NUMBERS.cardinal(whole, 'm', false)} запятая ${digits(fraction, RUSSIAN)}`;
    const feminine = (value: bigint, one: string, many: string) =>
      `${NUMBERS.cardinal(value, 'f', false)} ${RUSSIAN.plurals.select(Number(value)) === 'one' ? one : many}`;
    return `${feminine(whole, 'целая', 'целых')} ${feminine(BigInt(fraction), `${parts}ая`, `${parts}ых`)}`;
  },
  genitive: ({ before, after }) =>
    GENITIVE.test(before) ||
    (/(?:^|[^\p{L}])со?\s$/iu.test(before) && /^ (?:\p{L}+ )?до /u.test(after)),
  bare(value, { after }, genitive) {
    const next = /^ (\p{Ll}+)/u.exec(after)?.[1] ?? '';
    const gender = genderBefore(value, next, genitive);
    const said = NUMBERS.cardinal(value, gender, genitive);
    return !genitive && gender === 'f' && /[ую]$/u.test(next)
      ? said.replace(/одна$/u, 'одну')
      : said;
  },
  date({ from, day, month, monthText, year }) {
    const when = year === undefined ? '' : ` ${ordinal(year, 'го')} года`;
    if (day === undefined) return `${monthText ?? MONTHS[month] ?? ''}${when}`;
    const first = from === undefined ? '' : `${ordinal(from, 'го')}-`;
    return `${first}${ordinal(day, 'го')} ${MONTHS[month] ?? ''}${when}`;
  },
  time({ hour, minute, second }, around) {
    const genitive = RUSSIAN.genitive(around);
    const count = (value: number, key: string) => {
      const noun = RUSSIAN.nouns.get(key);
      const quantity = { whole: BigInt(value), fraction: '' };
      const said = NUMBERS.cardinal(quantity.whole, noun?.gender ?? 'm', genitive);
      return noun === undefined
        ? said
        : `${said} ${agree(noun, quantity, { plurals: RUSSIAN.plurals, genitive })}`;
    };
    const plain = (value: number) => NUMBERS.cardinal(BigInt(value), 'm', genitive);
    const seconds = second === undefined || second === 0 ? '' : ` ${count(second, 's')}`;
    if (minute === 0)
      return (/^ час/u.test(around.after) ? plain(hour) : count(hour, 'h')) + seconds;
    const zero = minute < 10 ? `${plain(0)} ` : '';
    return `${plain(hour)} ${zero}${plain(minute)}${seconds}`;
  },
};

const TENTHS: readonly (string | undefined)[] = [undefined, 'десят', 'сот', 'тысячн'];
const GENITIVE =
  /(?:^|[^\p{L}])(?:от|до|около|более|менее|больше|меньше|свыше|порядка|из|без|после|для|течение|размере|кроме|возрасте)\s$/iu;
const BEFORE_NUMBER = entries(
  'стр: страница; рис: рисунок; гл: глава; п: пункт; пп: пункты; д: дом; кв: квартира; ст: статья; т: том; ч: часть',
);

/** 5-го, 1990-х, 3-х: an ordinal in the case its written ending shows, or the genitive of 2, 3, 4. */
function suffixed(value: number, ending: string, { before, after }: Surroundings): string {
  if (value === 0 || ending === 'ти' || (ending === 'х' && value < 5))
    return NUMBERS.cardinal(BigInt(value), 'm', true);
  if (ending === 'е' || ending === 'ые')
    return ordinal(value, value % 10 === 0 && !/^ (?:число|место)/u.test(after) ? 'ые' : 'ое');
  if (ending === 'м')
    return ordinal(value, /(?:^|[^\p{L}])(?:во?|на|об?|при)\s$/iu.test(before) ? 'м' : 'ым');
  return ordinal(value, ending.replace(/^[аыу](?=.)/u, ''));
}

/** By the ending of the noun behind: одна книга, одно окно, две книги. */
function genderBefore(value: bigint, next: string, genitive: boolean): Gender {
  const [last, teens] = [value % 10n, value % 100n];
  if (PARTICLES.has(next) || next === '' || next === 'мужчина' || (teens > 10n && teens < 20n))
    return 'm';
  if (last === 1n && genitive) return /[ыи]$/u.test(next) ? 'f' : 'm';
  if (last === 1n) return /[аяую]$/u.test(next) ? 'f' : /[оеё]$/u.test(next) ? 'n' : 'm';
  return last === 2n && /(?:[ыи]|[ыи]е)$/u.test(next) ? 'f' : 'm';
}
