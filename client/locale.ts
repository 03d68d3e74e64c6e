/** Languages that the interface speaks, as in project.inlang/settings.json. */
export const locales = ['en', 'ru', 'es', 'de', 'fr', 'uk'] as const;

export type Locale = (typeof locales)[number];

let read: () => Locale = () => 'en';

/** The language of the interface now; in templates and `$derived` what depends on it follows it. */
export function getLocale(): Locale {
  return read();
}

/** Says where the language is kept. */
export function readLocaleFrom(keeper: () => Locale): void {
  read = keeper;
}

/** The first of these languages, such as "de-AT", that the interface speaks; otherwise English. */
export function matchLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const found = locales.find((locale) => locale === tag.split('-', 1)[0]?.toLowerCase());
    if (found !== undefined) return found;
  }
  return 'en';
}

/** Which way text in it runs. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr';
}

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set([
  'Arab',
  'Hebr',
  'Syrc',
  'Thaa',
  'Nkoo',
  'Adlm',
]);
