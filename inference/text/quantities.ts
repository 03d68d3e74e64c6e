import { agree, counted, type Noun, type Quantity } from './noun.ts';
import { quantity } from './numerals.ts';
import { rewrite } from './rewrite.ts';
import type { SpokenLanguage, Surroundings } from './spoken-language.ts';
import { anyOf, CURRENCIES, HUNDREDTHS, SCALES, UNITS } from './symbols.ts';

const NUMBER = String.raw`\d{1,15}(?:\.\d{1,64})?`;

/** A sign or code before the number, the number or a range, a power of a thousand, a unit. */
const AMOUNT = new RegExp(
  String.raw`(?:(?<![\p{L}\p{N}])(?<currency>${anyOf(CURRENCIES.keys())}) ?)?` +
    String.raw`(?<minus>(?<![\p{L}\p{N})\]])[-−](?=\d))?` +
    String.raw`(?<number>${NUMBER})(?: ?[-–—] ?(?<end>${NUMBER})(?![-\d]))?` +
    String.raw`(?: ?(?<scale>${anyOf(SCALES.keys())})(?![\p{L}\p{N}²³]))?` +
    String.raw`(?: ?(?<unit>${anyOf([...CURRENCIES.keys(), ...UNITS.keys()])})(?![\p{L}\p{N}²³/]))?`,
  'gu',
);

/** Says every number that is left, with its sign, range, power of a thousand, currency or unit. */
export function sayQuantities(text: string, language: SpokenLanguage): string {
  return rewrite(text, {
    pattern: AMOUNT,
    say: (match, around) => {
      const { currency = '', minus, number = '', end, scale = '', unit = '' } = match.groups ?? {};
      const sign = minus === undefined ? '' : `${language.signs.minus} `;
      const genitive = language.genitive(around);
      const symbol = CURRENCIES.get(currency) ?? CURRENCIES.get(unit) ?? UNITS.get(unit) ?? '';
      const amount: Amount = {
        last: quantity(end ?? number),
        power: language.nouns.get(SCALES.get(scale) ?? ''),
        counted: language.nouns.get(symbol),
        hundredth: language.nouns.get(HUNDREDTHS.get(symbol) ?? ''),
        genitive,
        around: unit === '' ? around : { before: around.before, after: '' },
      };
      // A dot that belonged to the unit may have ended the sentence as well.
      const closing = unit.endsWith('.') ? /^\s*$|^\s+\p{Lu}/u : /^\s*$/u;
      const ended = /[.]$/u.test(unit || scale) && closing.test(around.after) ? '.' : '';
      const behind = currency !== '' && unit !== '' ? ` ${unit}` : '';
      const from = end === undefined ? '' : start(quantity(number), amount, language);
      return `${sign}${from}${said(amount, language)}${behind}${ended}`;
    },
  });
}

interface Amount {
  readonly last: Quantity;
  readonly power: Noun | undefined;
  readonly counted: Noun | undefined;
  readonly hundredth: Noun | undefined;
  readonly genitive: boolean;
  readonly around: Surroundings;
}

/** The first number of a range, with what stands between: five to. */
function start(first: Quantity, amount: Amount, language: SpokenLanguage): string {
  const { range } = language.signs;
  const gender = (amount.power ?? amount.counted)?.gender;
  const words =
    gender === undefined && first.fraction === ''
      ? language.bare(first.whole, amount.around, amount.genitive)
      : spoken(first, amount.power ?? amount.counted, amount.genitive, language);
  return range === '-' ? `${words}-` : `${words} ${range} `;
}

function said(amount: Amount, language: SpokenLanguage): string {
  const { last, power, counted: thing, genitive, around } = amount;
  const { plurals } = language;
  if (power !== undefined) {
    const words = `${spoken(last, power, genitive, language)} ${agree(power, last, { plurals, genitive })}`;
    if (thing === undefined) return words;
    const round =
      power === language.nouns.get('thousand') ? '' : language.partitive(counted(thing));
    return `${words} ${round}${counted(thing)}`;
  }
  if (thing === undefined)
    return last.fraction === ''
      ? language.bare(last.whole, around, genitive)
      : spoken(last, undefined, genitive, language);
  return money(amount, language) ?? measured(last, thing, genitive, language);
}

/** Amounts with cents: 5.50. */
function money(amount: Amount, language: SpokenLanguage): string | undefined {
  const { last, counted: thing, hundredth, genitive } = amount;
  if (thing === undefined || hundredth === undefined) return undefined;
  if (last.fraction.length < 1 || last.fraction.length > 2) return undefined;
  const cents: Quantity = { whole: BigInt(last.fraction.padEnd(2, '0')), fraction: '' };
  const whole = measured({ whole: last.whole, fraction: '' }, thing, genitive, language);
  if (cents.whole === 0n) return whole;
  const small = measured(cents, hundredth, genitive, language);
  return last.whole === 0n ? small : `${whole} ${language.signs.cents}${small}`;
}

function measured(
  amount: Quantity,
  thing: Noun,
  genitive: boolean,
  language: SpokenLanguage,
): string {
  const { plurals } = language;
  const form = agree(thing, amount, { plurals, genitive });
  const million = amount.fraction === '' && amount.whole > 0n && amount.whole % 1_000_000n === 0n;
  const link = million ? language.partitive(form) : '';
  return `${spoken(amount, thing, genitive, language)} ${link}${form}`;
}

function spoken(
  amount: Quantity,
  thing: Noun | undefined,
  genitive: boolean,
  language: SpokenLanguage,
): string {
  if (amount.fraction !== '') return language.decimal(amount);
  return language.cardinal(amount.whole, thing?.gender ?? 'm', genitive, thing !== undefined);
}
