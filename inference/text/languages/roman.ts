const VALUES: Readonly<Record<string, number>> = {
  I: 1,
  V: 5,
  X: 10,
  L: 50,
  C: 100,
  D: 500,
  M: 1000,
};

/** The value of a roman numeral; undefined for letters that make none. */
export function romanNumeral(written: string): number | undefined {
  if (!/^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/u.test(written))
    return undefined;
  const values = Array.from(written).map((letter) => VALUES[letter] ?? 0);
  const value = values.reduce(
    (sum, one, at) => sum + (one < (values[at + 1] ?? 0) ? -one : one),
    0,
  );
  return value === 0 ? undefined : value;
}
