import { directionOf, locales, matchLocale, readLocaleFrom } from './locale.ts';
import type { Locale } from './locale.ts';
import { loadMessages } from './paraglide/messages.js';

const KEY = 'parley-language';

/** The language that the pages are in: what was chosen in this browser, otherwise what it asks for. */
export class InterfaceLanguage {
  #current: Locale = $state('en');

  constructor() {
    readLocaleFrom(() => this.#current);
  }

  get current(): Locale {
    return this.#current;
  }

  /** To be awaited before anything is shown; English is there at once. */
  async begin(): Promise<void> {
    await this.#use(kept() ?? matchLocale(navigator.languages));
  }

  /** The pages change at once, and the choice is remembered. */
  async choose(locale: Locale): Promise<void> {
    try {
      localStorage.setItem(KEY, locale);
    } catch {
      // Storage is off or full: the choice holds until the page is closed.
    }
    await this.#use(locale);
  }

  async #use(locale: Locale): Promise<void> {
    try {
      await loadMessages(locale);
    } catch {
      // The server is out of reach: it stays as it is.
      return;
    }
    this.#current = locale;
    const { documentElement: page } = document;
    page.lang = locale;
    page.dir = directionOf(locale);
  }
}

function kept(): Locale | undefined {
  try {
    const saved = localStorage.getItem(KEY);
    return locales.find((locale) => locale === saved);
  } catch {
    return undefined;
  }
}
