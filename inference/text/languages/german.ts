import { entries, nouns } from '../noun.ts';
import { cardinal, ordinal } from '../number-words.ts';
import { digits } from '../numerals.ts';
import type { SpokenLanguage, Surroundings } from '../spoken-language.ts';
import { monthDates, monthPatterns, words } from './month-dates.ts';

const MONTHS = words(
  'Januar Februar März April Mai Juni Juli August September Oktober November Dezember',
);
const MONTH_PATTERNS = monthPatterns(
  'Jan(?:uar|\\.)|Jänner Feb(?:ruar|\\.) März|Mrz\\. Apr(?:il|\\.) Mai Juni|Jun\\. Juli|Jul\\. Aug(?:ust|\\.) Sept(?:ember|\\.) Okt(?:ober|\\.) Nov(?:ember|\\.) Dez(?:ember|\\.)',
);
/** Words behind which an ordinal is weak: der dritte, am dritten. */
const WEAK_N =
  /(?:^|[^\p{L}])(?:am|vom|zum|im|beim|dem|den|des|ab|bis|seit|ersten|jeden|diesem|diesen|einem|einen|unserem|unseren|ihrem|seinem)\s$/iu;
const WEAK_E = /(?:^|[^\p{L}])(?:der|die|das|jede|diese|eine|unsere|ihre|seine|meine)\s$/iu;
const BEFORE_YEAR =
  /(?:^|[^\p{L}])(?:seit|ab|bis|vor|nach|von|um|anno|Jahre?|Jahres|Jahren|Anfang|Mitte|Ende|Sommer|Winter|Herbst|Frühjahr|Frühling|in|und)\s$/iu;
const FEMININE = /(?:e|ung|heit|keit|schaft|tion|tät|Person|Frau|Mark|Stadt|Nacht|Uhrzeit|Firma)$/u;

function weak(value: number, before: string, alone: string): string {
  const words = value === 0 ? 'nullte' : ordinal('de', BigInt(value));
  return words + (WEAK_N.test(before) ? 'n' : WEAK_E.test(before) ? '' : alone);
}

/** 1100 to 1999 by hundreds: neunzehnhundertvierundachtzig. */
function year(value: number): string {
  const [hundreds, rest] = [Math.floor(value / 100), value % 100];
  if (value < 1100 || value > 1999) return cardinal('de', BigInt(value));
  return `${cardinal('de', BigInt(hundreds))}hundert${rest === 0 ? '' : cardinal('de', BigInt(rest))}`;
}

function isYear(value: bigint, { before, after }: Surroundings): boolean {
  if (value < 1100n || value > 1999n) return false;
  return BEFORE_YEAR.test(before) || (value >= 1800n && !/^ \p{Lu}/u.test(after));
}

function count(value: bigint, feminine: boolean): string {
  const words = cardinal('de', value);
  if (!words.endsWith('eins')) return words;
  return `${words.slice(0, -1)}${feminine ? 'e' : ''}`;
}

/**
 * Ordinals are those of dates and of digits with a dot between an article and a noun; their ending
 * follows the article. Not covered: the cases of ein (mit einem Kilometer), the gender of nouns
 * behind 1 beyond common endings, roman numerals, strong ordinals without an article but dates.
 */
export const GERMAN: SpokenLanguage = {
  tag: 'de',
  plurals: new Intl.PluralRules('de'),
  decimalMark: ',',
  spaceGroups: true,
  signs: {
    minus: 'minus',
    plus: 'plus',
    equals: 'gleich',
    times: 'mal',
    point: 'Komma',
    and: 'und',
    number: 'Nummer',
    section: 'Paragraf',
    about: 'etwa',
    less: 'weniger als',
    more: 'mehr als',
    at: 'ät',
    dot: 'Punkt',
    slash: 'Schrägstrich',
    dash: 'Bindestrich',
    underscore: 'Unterstrich',
    ratio: 'zu',
    range: 'bis',
    cents: '',
    over: 'durch',
  },
  nouns: nouns(`
    USD: Dollar|Dollar; EUR: Euro|Euro; GBP: n Pfund|Pfund; RUB: Rubel|Rubel; UAH: f Hrywnja|Hrywnja; PLN: Zloty|Zloty
    JPY: Yen|Yen; CHF: Franken|Franken; CNY: Yuan|Yuan; cent: Cent|Cent
    eurocent: Cent|Cent; penny: Penny|Pence; kopeck: f Kopeke|Kopeken
    kopiyka: f Kopeke|Kopeken; grosz: Groschen|Groschen; rappen: Rappen|Rappen; thousand: tausend|tausend
    million: f Million|Millionen; billion: f Milliarde|Milliarden; trillion: f Billion|Billionen; km: Kilometer|Kilometer
    m: Meter|Meter; cm: Zentimeter|Zentimeter; mm: Millimeter|Millimeter; kg: n Kilogramm|Kilogramm; g: n Gramm|Gramm
    mg: n Milligramm|Milligramm; t: f Tonne|Tonnen; l: Liter|Liter; ml: Milliliter|Milliliter; lb: n Pfund|Pfund
    ft: Fuß|Fuß; mi: f Meile|Meilen; ha: Hektar|Hektar; km/h: Kilometer pro Stunde|Kilometer pro Stunde
    m/s: Meter pro Sekunde|Meter pro Sekunde; mph: f Meile pro Stunde|Meilen pro Stunde; km²: Quadratkilometer|Quadratkilometer
    m²: Quadratmeter|Quadratmeter; m³: Kubikmeter|Kubikmeter; °C: n Grad Celsius|Grad Celsius; °F: n Grad Fahrenheit|Grad Fahrenheit
    °: n Grad|Grad; %: n Prozent|Prozent; KB: n Kilobyte|Kilobyte; MB: n Megabyte|Megabyte; GB: n Gigabyte|Gigabyte
    TB: n Terabyte|Terabyte; W: n Watt|Watt; kW: n Kilowatt|Kilowatt; kWh: f Kilowattstunde|Kilowattstunden; Hz: n Hertz|Hertz
    kHz: n Kilohertz|Kilohertz; MHz: n Megahertz|Megahertz; GHz: n Gigahertz|Gigahertz; h: f Stunde|Stunden
    min: f Minute|Minuten; s: f Sekunde|Sekunden
  `),
  partitive: () => '',
  fractions: entries(
    '1/2: ein halb; 1/3: ein Drittel; 2/3: zwei Drittel; 1/4: ein Viertel; 3/4: drei Viertel; 1/5: ein Fünftel; 1/8: ein Achtel',
  ),
  abbreviations: entries(`
    z.B.: zum Beispiel; d.h.: das heißt; u.a.: unter anderem; u.U.: unter Umständen; v.a.: vor allem; i.d.R.: in der Regel
    usw.: und so weiter.; etc.: et cetera.; usf.: und so fort.; bzw.: beziehungsweise; ca.: circa; Dr.: Doktor; Prof.: Professor
    Hr.: Herr; Fr.: Frau; Dipl.: Diplom; Ing.: Ingenieur; Str.: Straße; str.: straße; Nr.: Nummer; S.: Seite; Bd.: Band; Abs.: Absatz; Art.: Artikel
    vgl.: vergleiche; evtl.: eventuell; ggf.: gegebenenfalls; inkl.: inklusive; exkl.: exklusive; max.: maximal; min.: minimal
    o.ä.: oder ähnlich.; o.Ä.: oder Ähnliches.; s.o.: siehe oben; s.u.: siehe unten; u.ä.: und ähnlich.; sog.: sogenannt
    St.: Sankt; Tel.: Telefon; Mio.: Millionen; Mrd.: Milliarden; Std.: Stunden.; geb.: geboren; gest.: gestorben; n.Chr.: nach Christus.
    v.Chr.: vor Christus.; z.T.: zum Teil; z.Zt.: zurzeit; zzgl.: zuzüglich; bspw.: beispielsweise; Jh.: Jahrhundert.; Abb.: Abbildung
  `),
  wordAcronyms: new Set(words('TÜV BAföG PIN SIM COVID AIDS')),
  spelledAcronyms: new Set(words('OECD')),
  letters: new Map(),
  dates: [
    ...monthDates(MONTH_PATTERNS, { day: '\\.', year: ' ', flags: 'gu' }),
    /(?<=(?:^|[^\p{L}])(?:am|vom|zum|bis|ab|seit|der|den|dem) )(?<day>\d{1,2})\.(?<month>\d{1,2}\.)(?!\d)/giu,
  ],
  months: MONTH_PATTERNS.map(({ source }, at) => new RegExp(`${source}|^0?${at + 1}\\.$`, 'iu')),
  monthBeforeDay: false,
  times: [
    /(?<![\p{N}:.,])(?<hour>[01]?\d|2[0-4])(?:[:.](?<minute>[0-5]\d)(?::(?<second>[0-5]\d))?)? ?(?:Uhr|h(?= ?\d| Uhr))(?!\p{L})(?! \d)/gu,
  ],
  rules: [
    {
      pattern:
        /(?<=(?:^|[^\p{L}])(?:der|die|das|dem|den|des|am|im|vom|zum|beim|jede[nrs]?|diese[mnr]?|eine[nmr]?|ein|unsere[nmr]?|ihre[nmr]?|seine[nmr]?|meine[nmr]?) )(\d{1,6})\.(?= \p{L})/giu,
      say: ([, number], { before }) => weak(Number(number), before, 'r'),
    },
    {
      pattern:
        /(?<![\p{L}\d.,])(\d{1,4})\. (?=(?:Jahrhunderts?|Platz|Mal|Stock|Etage|Klasse|Kapitel|Tag|Weltkrieg|Quartal)(?!\p{L}))/gu,
      say: ([, number]) => `${weak(Number(number), '', 'r')} `,
    },
    {
      pattern: /(?<![\p{L}\d.,])([12]\d)?(\d0)er(?!\p{L})/gu,
      say: ([, hundreds = '', tens]) =>
        `${hundreds === '' ? '' : `${cardinal('de', BigInt(hundreds))}hundert`}${cardinal('de', BigInt(tens ?? 0))}er`,
    },
  ],
  cardinal: (value, gender, _genitive, joined) =>
    joined ? count(value, gender === 'f') : cardinal('de', value),
  decimal: ({ whole, fraction }) => `${cardinal('de', whole)} Komma ${digits(fraction, GERMAN)}`,
  genitive: () => false,
  bare(value, around) {
    if (isYear(value, around)) return year(Number(value));
    const next = /^ (\p{Lu}\p{L}+)/u.exec(around.after)?.[1];
    return next === undefined
      ? cardinal('de', value)
      : count(value, value === 1n && FEMININE.test(next));
  },
  date({ from, day, month, year: of }, { before }) {
    const when = of === undefined ? '' : ` ${year(of)}`;
    const name = MONTHS[month] ?? '';
    if (day === undefined) return `${name}${when}`;
    const first = from === undefined ? '' : `${weak(from, before, 'r')} bis `;
    return `${first}${weak(day, before, 'r')} ${name}${when}`;
  },
  time({ hour, minute, second }) {
    const said = `${count(BigInt(hour), false)} Uhr${minute === 0 ? '' : ` ${cardinal('de', BigInt(minute))}`}`;
    return second === undefined || second === 0
      ? said
      : `${said} und ${cardinal('de', BigInt(second))} Sekunden`;
  },
};
