/** The words of a list with spaces between them. */
export function words(list: string): string[] {
  return list.trim().split(/\s+/u);
}

/** One regular expression a month, from a list of sources with spaces between them. */
export function monthPatterns(list: string): RegExp[] {
  return words(list).map((source) => new RegExp(`^(?:${source})$`, 'iu'));
}

export interface MonthStyle {
  /** What may follow the day's digits, as a regular expression: st, nd; de. */
  readonly day: string;
  /** What stands before the year. */
  readonly year: string;
  /** What may follow the year: года, r. */
  readonly yearEnd?: string;
  /** Whether November 21 is written too. */
  readonly monthFirst?: boolean;
  readonly flags: 'gu' | 'giu';
}

/**
 * How dates with the name of a month are written, with groups `from`, `day`, `month`, `year`: day
 * and month, month and day where that is written, month and year.
 */
export function monthDates(months: readonly RegExp[], style: MonthStyle): readonly RegExp[] {
  const names = months.map(({ source }) => source.slice(1, -1)).join('|');
  const month = `(?<month>${names})(?![\\p{L}])`;
  const days = String.raw`(?:(?<from>\d{1,2})${style.day} ?[-–—] ?)?(?<day>\d{1,2})${style.day}`;
  const year = String.raw`(?<year>[12]\d{3})(?![\p{N}\p{L}:%]|[.,]\d)${style.yearEnd ?? ''}`;
  const start = String.raw`(?<![\p{L}\p{N}.,:/])`;
  const patterns = [`${start}${days} ${month}(?:${style.year}${year})?`];
  if (style.monthFirst)
    patterns.push(`${start}${month} ${days}(?![\\p{L}\\p{N}:%]|[.,]\\d)(?:${style.year}${year})?`);
  patterns.push(`${start}${month}${style.year}${year}`);
  return patterns.map((pattern) => new RegExp(pattern, style.flags));
}
