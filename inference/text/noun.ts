/** Grammatical gender; languages without it use `m` throughout. */
export type Gender = 'm' | 'f' | 'n';

/**
 * A counted thing: a unit, a currency, a power of a thousand. `forms` has two entries (one, other)
 * or, in Slavic languages, three or four: one, few (2-4), many (5 and up, and the genitive plural),
 * and after a fraction (the genitive singular; the same as few where it is left out).
 */
export interface Noun {
  readonly gender: Gender;
  readonly forms: readonly string[];
}

/** A number as it was written, without its sign. */
export interface Quantity {
  readonly whole: bigint;
  /** The digits after the decimal mark; empty when there are none. */
  readonly fraction: string;
}

/**
 * Reads a table of `symbol: one|other` entries, separated by semicolons or line ends. A noun that
 * is not masculine has its gender first: `t: f тонна|тонны|тонн`.
 */
export function nouns(table: string): ReadonlyMap<string, Noun> {
  return new Map([...entries(table)].map(([key, value]) => [key, noun(value)]));
}

/** Reads a table of `key: value` entries, separated by semicolons or line ends. */
export function entries(table: string): ReadonlyMap<string, string> {
  const rows = table.split(/[;\n]/u).flatMap((row): [string, string][] => {
    const at = row.indexOf(':');
    return at < 0 ? [] : [[row.slice(0, at).trim(), row.slice(at + 1).trim()]];
  });
  return new Map(rows);
}

function noun(value: string): Noun {
  const marked = /^([fn]) (.*)$/u.exec(value);
  const gender = marked?.[1] === 'f' ? 'f' : marked?.[1] === 'n' ? 'n' : 'm';
  return { gender, forms: (marked?.[2] ?? value).split('|') };
}

/** The form of `noun` that goes with `quantity`; plural categories are Unicode CLDR's. */
export function agree(
  { forms }: Noun,
  quantity: Quantity,
  { plurals, genitive }: { plurals: Intl.PluralRules; genitive: boolean },
): string {
  const [one = '', few = one, many = few, partial = few] = forms;
  const category = plurals.select(Number(`${quantity.whole}.${quantity.fraction || '0'}`));
  if (forms.length <= 2) return category === 'one' ? one : few;
  if (quantity.fraction !== '') return partial;
  if (genitive) return category === 'one' ? partial : many;
  return category === 'one' ? one : category === 'few' ? few : many;
}

/** The form that follows a large round number: five million dollars, пять миллионов долларов. */
export function counted({ forms }: Noun): string {
  return forms[2] ?? forms[1] ?? forms[0] ?? '';
}
