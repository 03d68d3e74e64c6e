const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en-GB', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** Keeps a number and its unit on one line. */
export const together = (value: string, unit: string): string => `${value}\u00a0${unit}`;

export const count = (value: number): string => whole.format(value);

/** 0.2 ms, 45 ms, 1.8 s: as exact as it matters. */
export function duration(ms: number): string {
  if (ms >= 999.5) return together(oneDigit.format(ms / 1000), 's');
  const exact = ms > 0 && ms < 9.95;
  return together(exact ? oneDigit.format(Math.max(ms, 0.1)) : whole.format(ms), 'ms');
}

/** 0 to 1, in words that do not call a little nothing. */
export function share(value: number): string {
  if (value > 0 && value < 0.001) return `under ${together('0.1', '%')}`;
  return together(value === 0 ? '0' : oneDigit.format(value * 100), '%');
}

/** "Lost 0.2 % of 12,345 packets"; `arrived` are those that came. */
export function loss(arrived: number, lost: number): string {
  const all = arrived + lost;
  const packets = together(count(all), all === 1 ? 'packet' : 'packets');
  return lost === 0 ? `Lost none of ${packets}` : `Lost ${share(lost / all)} of ${packets}`;
}
