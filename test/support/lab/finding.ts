import type { Person } from './hosts.ts';

/** Something measured, and the most it may be. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: 'ms' | '%';
  /** For a wait: all of it, and the part one waits when nothing is wrong. */
  readonly of?: { readonly measured: number; readonly anyway: number };
}

/** Something that must hold. */
export interface Claim {
  readonly says: string;
  readonly holds: boolean;
}

/** What one row of the fault matrix came to. */
export interface Finding {
  readonly row: string;
  /** Whose network it was. */
  readonly whose: readonly Person[];
  readonly figures: readonly Figure[];
  readonly claims: readonly Claim[];
  /** What was seen besides, for people. */
  readonly notes: readonly string[];
}

/** What does not hold, in words; empty when all is well. */
export function failures({ figures, claims }: Finding): readonly string[] {
  return [
    ...figures
      .filter(({ value, limit }) => !(value <= limit))
      .map(
        ({ what, value, limit, unit }) =>
          `${what}: ${Math.round(value)} ${unit}, at most ${limit} ${unit}`,
      ),
    ...claims.filter(({ holds }) => !holds).map(({ says }) => `not true: ${says}`),
  ];
}

/** The worst figure over its limit. */
export function ratio({ figures }: Finding): number {
  return Math.max(0, ...figures.map(({ value, limit }) => value / limit));
}
