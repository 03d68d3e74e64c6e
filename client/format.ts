import { getLocale } from './locale.ts';
import type { Locale } from './locale.ts';
import { m } from './paraglide/messages.js';

/** The interface's English is that of Britain: no comma before the last of a list. */
const tagOf = (locale: Locale): string => (locale === 'en' ? 'en-GB' : locale);

/** With so many digits after the point: "12,345", "12 345". */
export function formatNumber(value: number, digits = 0): string {
  const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(tagOf(getLocale()), exactly).format(value);
}

/** "1.8 s" */
export function seconds(ms: number): string {
  return m.shared_seconds({ value: formatNumber(ms / 1000, 1) });
}

/** "45 ms" */
export function milliseconds(ms: number): string {
  return m.shared_milliseconds({ value: formatNumber(ms) });
}

/** 0 to 1: "20 %" */
export function percent(share: number): string {
  return m.shared_percent({ value: formatNumber(share * 100) });
}

/** "a, b and c" */
export function listed(items: Iterable<string>): string {
  return new Intl.ListFormat(tagOf(getLocale())).format(items);
}

/** "2 days" and the like. */
export function formatUnit(value: number, unit: 'hour' | 'day'): string {
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(tagOf(getLocale()), style).format(value);
}

/** Hours and minutes, as is usual where the reader is, such as "2:05 PM" or "14:05". */
export function clock(at: Date | number): string {
  return new Intl.DateTimeFormat(whereReaderIs(), { hour: '2-digit', minute: '2-digit' }).format(
    at,
  );
}

/** The browser's own kind of the interface's language, such as "de-AT". */
export function whereReaderIs(): string {
  const locale = getLocale();
  const own = globalThis.navigator.languages.find((tag) => tag.split('-', 1)[0] === locale);
  return own ?? tagOf(locale);
}
