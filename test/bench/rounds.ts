import { median, spread } from './result.ts';

/** Rounds that count; one more before them warms both sides up. */
const ROUNDS = 5;

export interface Rounds {
  readonly ours: number;
  readonly baseline: number;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
  readonly rounds: number;
  readonly spread: number;
}

/** Measures two sides by turns, so that whatever else the machine does falls on both. */
export async function takeTurns(
  sides: { readonly ours: () => Promise<number>; readonly baseline: () => Promise<number> },
  rounds = ROUNDS,
): Promise<Rounds> {
  const ours: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const our = await sides.ours();
    const their = await sides.baseline();
    if (round === 0) continue;
    ours.push(our);
    baseline.push(their);
    console.error(`round ${round}: ${our.toPrecision(4)} against ${their.toPrecision(4)}`);
  }
  const ratios = ours.map((value, index) => value / (baseline[index] ?? Number.NaN));
  return {
    ours: median(ours),
    baseline: median(baseline),
    ratio: median(ratios),
    rounds,
    spread: spread(ratios),
  };
}
