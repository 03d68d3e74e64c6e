import { entries, nouns, type Gender } from '../noun.ts';
import { cardinal, feminineCardinal, ordinal } from '../number-words.ts';
import { digits } from '../numerals.ts';
import type { SpokenLanguage } from '../spoken-language.ts';
import { monthDates, monthPatterns, words } from './month-dates.ts';
import { romanNumeral } from './roman.ts';

const MONTHS = words(
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
);
const MONTH_PATTERNS = monthPatterns(
  'enero|ene\\. febrero|feb\\. marzo abril|abr\\. mayo junio|jun\\. julio|jul\\. agosto|ago\\. sep?tiembre|sept?\\. octubre|oct\\. noviembre|nov\\. diciembre|dic\\.',
);
const NO_NOUN = new Set(
  words('y o a de en con por para al del que es son como más menos pero hasta la las'),
);

/** veintiún and un before nouns and before mil, where n2words has veintiuno mil. */
function count(value: bigint, gender: Gender, joined: boolean): string {
  const words = (gender === 'f' ? feminineCardinal('es', value) : cardinal('es', value))
    .replace(/veintiun[oa] mil(?!l)/u, 'veintiún mil')
    .replace(/\bun[oa] mil(?!l)/u, 'un mil');
  if (!joined || gender === 'f') return words;
  return words.replace(/veintiuno$/u, 'veintiún').replace(/(?<!\p{L})uno$/u, 'un');
}

/**
 * Gender follows the next word by its ending. Not covered: feminine nouns in other endings than -a,
 * -ión, -dad and masculine ones in -a beyond a few, ordinals above 10 in the short spoken form, roman
 * numerals but of centuries.
 */
export const SPANISH: SpokenLanguage = {
  tag: 'es',
  plurals: new Intl.PluralRules('es'),
  decimalMark: ',',
  spaceGroups: true,
  signs: {
    minus: 'menos',
    plus: 'más',
    equals: 'igual a',
    times: 'por',
    point: 'coma',
    and: 'y',
    number: 'número',
    section: 'sección',
    about: 'aproximadamente',
    less: 'menos de',
    more: 'más de',
    at: 'arroba',
    dot: 'punto',
    slash: 'barra',
    dash: 'guion',
    underscore: 'guion bajo',
    ratio: 'a',
    range: 'a',
    cents: 'con ',
    over: 'sobre',
  },
  nouns: nouns(`
    USD: dólar|dólares; EUR: euro|euros; GBP: f libra|libras; RUB: rublo|rublos; UAH: f grivna|grivnas; PLN: esloti|eslotis
    JPY: yen|yenes; CHF: franco|francos; CNY: yuan|yuanes; cent: centavo|centavos
    eurocent: céntimo|céntimos; penny: penique|peniques; kopeck: kopek|kopeks
    kopiyka: kopek|kopeks; grosz: grosz|grosz; rappen: céntimo|céntimos; thousand: mil|mil; million: millón|millones
    billion: f mil millones|mil millones; trillion: billón|billones; km: kilómetro|kilómetros; m: metro|metros
    cm: centímetro|centímetros; mm: milímetro|milímetros; kg: kilogramo|kilogramos; g: gramo|gramos; mg: miligramo|miligramos
    t: f tonelada|toneladas; l: litro|litros; ml: mililitro|mililitros; lb: f libra|libras; ft: pie|pies; mi: f milla|millas
    ha: f hectárea|hectáreas; km/h: kilómetro por hora|kilómetros por hora; m/s: metro por segundo|metros por segundo
    mph: f milla por hora|millas por hora; km²: kilómetro cuadrado|kilómetros cuadrados; m²: metro cuadrado|metros cuadrados
    m³: metro cúbico|metros cúbicos; °C: grado Celsius|grados Celsius; °F: grado Fahrenheit|grados Fahrenheit; °: grado|grados
    %: por ciento|por ciento; KB: kilobyte|kilobytes; MB: megabyte|megabytes; GB: gigabyte|gigabytes; TB: terabyte|terabytes
    W: vatio|vatios; kW: kilovatio|kilovatios; kWh: kilovatio hora|kilovatios hora; Hz: hercio|hercios; kHz: kilohercio|kilohercios
    MHz: megahercio|megahercios; GHz: gigahercio|gigahercios; h: f hora|horas; min: minuto|minutos; s: segundo|segundos
  `),
  partitive: () => 'de ',
  fractions: entries(
    '1/2: medio; 1/3: un tercio; 2/3: dos tercios; 1/4: un cuarto; 3/4: tres cuartos; 1/5: un quinto; 1/8: un octavo',
  ),
  abbreviations: entries(`
    Sr.: señor; Sra.: señora; Srta.: señorita; Dr.: doctor; Dra.: doctora; D.: don; Dña.: doña; Prof.: profesor; Ing.: ingeniero
    Lic.: licenciado; Ud.: usted; Uds.: ustedes; Vd.: usted; p.ej.: por ejemplo; etc.: etcétera.; aprox.: aproximadamente
    EE.UU.: Estados Unidos.; a.C.: antes de Cristo.; d.C.: después de Cristo.; pág.: página; págs.: páginas; núm.: número
    art.: artículo; cap.: capítulo; tel.: teléfono; vol.: volumen; av.: avenida; avda.: avenida; dpto.: departamento; máx.: máximo
    mín.: mínimo; vs.: contra; es decir.: es decir; S.A.: sociedad anónima.; a.m.: de la mañana.; p.m.: de la tarde.; ms.: milisegundos
    depto.: departamento; izq.: izquierda; dcha.: derecha; cía.: compañía; ref.: referencia; fdo.: firmado; adm.: administración
  `),
  wordAcronyms: new Set(words('OVNI PIN SIM IVA SIDA COVID ONU RENFE AVE PYME')),
  spelledAcronyms: new Set(words('OCDE')),
  letters: new Map(),
  dates: monthDates(MONTH_PATTERNS, {
    day: '(?:\\.?º|o)?(?: de)?',
    year: ' (?:de |del )?',
    flags: 'giu',
  }),
  months: MONTH_PATTERNS,
  monthBeforeDay: false,
  times: [
    /(?<![\p{N}:.,])(?<hour>\d{1,2})(?:[:.](?<minute>[0-5]\d))? ?(?<half>[ap] ?\.? ?m\.?)(?!\p{L})/giu,
    /(?<![\p{N}:.,])(?<hour>[01]?\d|2[0-4])[:.](?<minute>[0-5]\d) ?(?:h|hs|hrs|horas)(?!\p{L})\.?/giu,
  ],
  rules: [
    {
      pattern: /(?<![\p{L}\d.])(\d{1,4})\.?(º|ª|er|ro|ra|do|da|to|ta)(?!\p{L})/gu,
      say: ([written, number = '', mark = '']) => {
        if (Number(number) === 0) return written;
        const masculine = ordinal('es', BigInt(number));
        if (/[ªa]$/u.test(mark)) return masculine.replace(/o(?= |$)/gu, 'a');
        return mark === 'er' ? masculine.replace(/o$/u, '') : masculine;
      },
    },
    {
      pattern: /(?<!\p{L})(siglos?) ([IVX]{1,6})(?!\p{L})/gu,
      say: ([written, noun = '', letters = '']) => {
        const value = romanNumeral(letters);
        return value === undefined ? written : `${noun} ${cardinal('es', BigInt(value))}`;
      },
    },
    { pattern: /(?<!\p{L})(?:n\.?º|nº|no\.) ?(?=\d)/giu, say: () => 'número ' },
    { pattern: /(?<!\p{L})p\. ?(?=\d)/giu, say: () => 'página ' },
  ],
  cardinal: (value, gender, _genitive, joined = false) => count(value, gender, joined),
  decimal({ whole, fraction }) {
    const rest = /^0|^\d{3}/u.test(fraction)
      ? digits(fraction, SPANISH)
      : cardinal('es', BigInt(fraction));
    return `${cardinal('es', whole)} coma ${rest}`;
  },
  genitive: () => false,
  bare(value, { before, after }) {
    const next = /^ (\p{Ll}+)/u.exec(after)?.[1] ?? '';
    if (next === '' || NO_NOUN.has(next))
      return count(value, /(?:^|[^\p{L}])las? $/u.test(before) && value < 25n ? 'f' : 'm', false);
    return count(value, feminine(next) ? 'f' : 'm', true);
  },
  date({ from, day, month, year }) {
    const name = MONTHS[month] ?? '';
    const when = year === undefined ? '' : ` de ${cardinal('es', BigInt(year))}`;
    if (day === undefined) return `${name}${when}`;
    const said = (one: number) => (one === 1 ? 'primero' : cardinal('es', BigInt(one)));
    return `${from === undefined ? '' : `${said(from)} al `}${said(day)} de ${name}${when}`;
  },
  time({ hour, minute, second, half }) {
    const said = count(BigInt(hour), 'f', false);
    const part =
      half === undefined
        ? ''
        : /^a/iu.test(half)
          ? ' de la mañana'
          : hour < 8 || hour === 12
            ? ' de la tarde'
            : ' de la noche';
    const seconds =
      second === undefined || second === 0 ? '' : ` y ${count(BigInt(second), 'm', true)} segundos`;
    if (minute > 0)
      return `${said} ${minute < 10 ? 'cero ' : ''}${cardinal('es', BigInt(minute))}${part}${seconds}`;
    return `${said}${part === '' ? (hour === 1 ? ' hora' : ' horas') : part}${seconds}`;
  },
};

function feminine(noun: string): boolean {
  if (
    /^(?:días?|problemas?|programas?|sistemas?|temas?|mapas?|idiomas?|planetas?|climas?)$/u.test(
      noun,
    )
  )
    return false;
  return (
    /(?:as?|i[oó]n|iones|dad|dades|veces|vez|noches?|mujer|mujeres)$/u.test(noun) &&
    !/(?:camión|avión|camiones|aviones|millones)$/u.test(noun)
  );
}
