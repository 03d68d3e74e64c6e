import { formatNumber } from './format.ts';
import { m } from './paraglide/messages.js';

export const count = (value: number): string => formatNumber(value);

/** 0.2 ms, 45 ms, 1.8 s: as exact as it matters. */
export function duration(ms: number): string {
  if (ms >= 999.5) return m.hood_seconds({ value: formatNumber(ms / 1000, 1) });
  const exact = ms > 0 && ms < 9.95;
  const value = exact ? formatNumber(Math.max(ms, 0.1), 1) : formatNumber(ms);
  return m.hood_milliseconds({ value });
}

/** 0 to 1, in words that do not call a little nothing. */
export function share(value: number): string {
  if (value > 0 && value < 0.001) return m.hood_under({ percent: exactly(0.001) });
  return value === 0 ? m.hood_percent({ value: '0' }) : exactly(value);
}

function exactly(value: number): string {
  return m.hood_percent({ value: formatNumber(value * 100, 1) });
}

/** "Lost 0.2 % of 12,345 packets"; `arrived` are those that came. */
export function loss(arrived: number, lost: number): string {
  const all = arrived + lost;
  const packets = { n: all, count: count(all) };
  return lost === 0
    ? m.hood_lost_none(packets)
    : m.hood_lost({ ...packets, percent: share(lost / all) });
}
