import { describe, expect, it } from 'vitest';
import { AS_SPOKEN, LagBand } from '../../../../media/egress/lag-band.ts';
import type { Pace } from '../../../../media/egress/lag-band.ts';

const band = new LagBand({ lagLowMs: 2000, lagHighMs: 6000, lagMaxMs: 20_000, maxTempo: 1.25 });

/** The pace after so many pieces with the same lag. */
function settled(lagMs: number, pieces = 100, from = AS_SPOKEN): Pace {
  let pace = from;
  for (let piece = 0; piece < pieces; piece++) pace = band.next(lagMs, pace);
  return pace;
}

describe('LagBand', () => {
  it('does nothing below the band', () => {
    expect(settled(2000)).toEqual(AS_SPOKEN);
  });

  it('shortens pauses first, when speech is hardly faster yet', () => {
    expect(settled(2001).shortenPauses).toBe(true);
    expect(settled(2001).tempo).toBeLessThan(1.001);
  });

  it('hurries by degrees, never more than may be', () => {
    expect(settled(4000).tempo).toBeCloseTo(1.125);
    expect(settled(6000).tempo).toBeCloseTo(1.25);
    expect(settled(60_000).tempo).toBeCloseTo(1.25);
  });

  it('changes pace smoothly, there and back', () => {
    expect(settled(60_000, 1).tempo).toBeCloseTo(1.02);
    expect(settled(0, 1, { shortenPauses: true, tempo: 1.25 }).tempo).toBeCloseTo(1.23);
    expect(settled(0, 100, { shortenPauses: true, tempo: 1.25 })).toEqual(AS_SPOKEN);
  });

  it('gives up only what is later than the bound', () => {
    expect([band.isTooLate(20_000), band.isTooLate(20_001)]).toEqual([false, true]);
  });
});
