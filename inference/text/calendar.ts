import { rewriteAll } from './rewrite.ts';
import type { Rule, SpokenDate, SpokenLanguage } from './spoken-language.ts';

const ISO = /(?<![\p{N}.,/-])(\d{4})-(\d{2})-(\d{2})(?:T(?=\d)|(?![\p{N}/-]))/gu;
const NUMERIC = /(?<![\p{N}.,/-])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})(?![\p{N}/-]|[.,]\d)/gu;
const CLOCK =
  /(?<![\p{N}:.,])(?<hour>[01]?\d|2[0-4]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d))?(?![\p{N}:]|[.,]\d)/gu;

/** Says dates: 2026-11-21, 21.11.2026, 11/21/2026, and those with month names, with or without year. */
export function sayDates(text: string, language: SpokenLanguage): string {
  const iso: Rule = {
    pattern: ISO,
    say: ([written, year, month, day], around) => {
      const date = dated({ day, month: Number(month) - 1, year, monthFirst: true });
      return date === undefined ? written : language.date(date, around);
    },
  };
  const numeric: Rule = {
    pattern: NUMERIC,
    say: ([written, a, mark, b, year = ''], around) => {
      const monthFirst = language.monthBeforeDay && mark === '/';
      const [day, month] = monthFirst ? [b, a] : [a, b];
      const rest = { year: year.length === 2 ? inCentury(year) : year, monthFirst };
      const date =
        dated({ day, month: Number(month) - 1, ...rest }) ??
        dated({ day: month, month: Number(day) - 1, ...rest });
      return date === undefined ? written : language.date(date, around);
    },
  };
  const named = language.dates.map((pattern): Rule => ({
    pattern,
    say: ({ 0: written, groups = {} }, around) => {
      const monthText = groups['month'] ?? '';
      const month = language.months.findIndex((name) => name.test(monthText));
      const { from, day, year } = groups;
      const monthFirst = written.startsWith(monthText);
      const date = dated({ from, day, month, monthText, year, monthFirst });
      return date === undefined ? written : language.date(date, around);
    },
  }));
  return rewriteAll(text, [iso, numeric, ...named]);
}

/** Says 14:30, and what else the language writes for it. */
export function sayTimes(text: string, language: SpokenLanguage): string {
  const rules = [...language.times, CLOCK].map((pattern): Rule => ({
    pattern,
    say: ({ 0: written, groups = {} }, around) => {
      const { hour, minute = '0', second, half } = groups;
      if (Number(hour) > 24) return written;
      const time = { hour: Number(hour), minute: Number(minute), second: number(second), half };
      return language.time(time, around);
    },
  }));
  return rewriteAll(text, rules);
}

interface WrittenDate {
  readonly from?: string | undefined;
  readonly day: string | undefined;
  readonly month: number;
  readonly monthText?: string | undefined;
  readonly year: string | undefined;
  readonly monthFirst: boolean;
}

/** A date that can be; undefined for 45.13.2026. */
function dated(written: WrittenDate): SpokenDate | undefined {
  const { month, monthText, monthFirst } = written;
  const [from, day, year] = [number(written.from), number(written.day), number(written.year)];
  const real = [from ?? 1, day ?? 1].every((one) => one >= 1 && one <= 31);
  if (!real || month < 0 || month > 11) return undefined;
  return { from, day, month, monthText, year, monthFirst };
}

function number(written: string | undefined): number | undefined {
  return written === undefined ? undefined : Number(written);
}

/** 68 and before are of this century, as POSIX has it. */
function inCentury(year: string): string {
  return (Number(year) < 69 ? '20' : '19') + year;
}
