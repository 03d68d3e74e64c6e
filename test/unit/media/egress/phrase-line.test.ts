import { beforeEach, describe, expect, it } from 'vitest';
import { LagBand } from '../../../../media/egress/lag-band.ts';
import { PhraseLine } from '../../../../media/egress/phrase-line.ts';
import type { LostPhrase, WaitingPhrase } from '../../../../media/egress/phrase-line.ts';
import { PhraseReader } from '../../../../media/egress/phrase-reader.ts';
import { tone } from '../../../support/pcm.ts';

const observer = { started: () => undefined, ended: () => undefined, dropped: () => undefined };
const lengths = (lost: readonly LostPhrase[]): readonly string[] =>
  lost.map(({ reader, reason }) => `${reader.lengthMs} ${reason}`);

let line: PhraseLine;

beforeEach(() => {
  const band = new LagBand({ lagLowMs: 1000, lagHighMs: 2000, lagMaxMs: 5000, maxTempo: 1.25 });
  line = new PhraseLine(10_000, band);
});

function phrase(ms: number, speechEndedAt = 0): WaitingPhrase {
  const audio = tone(ms, 8000);
  return { reader: new PhraseReader({ audio, sampleRate: 8000, speechEndedAt }), observer };
}

describe('PhraseLine', () => {
  it('gives phrases out in the order they came', () => {
    for (const ms of [100, 200, 300]) line.push(phrase(ms));
    expect(line.waitingMs).toBe(600);
    expect([1, 2, 3].map(() => line.shift()?.reader.lengthMs)).toEqual([100, 200, 300]);
    expect(line.empty).toBe(true);
  });

  it('makes room by giving up the oldest', () => {
    for (const ms of [3000, 4000]) line.push(phrase(ms));
    expect(lengths(line.push(phrase(5000)))).toEqual(['3000 overflow']);
    expect(line.waitingMs).toBe(9000);
  });

  it('refuses what is longer than all it may hold, and keeps the rest', () => {
    line.push(phrase(1000));
    expect(lengths(line.push(phrase(10_001)))).toEqual(['10001 overflow']);
    expect(line.waitingMs).toBe(1000);
  });

  it('tells the largest lag that is to come', () => {
    expect(line.lagMs(1000, 500)).toBe(0);
    line.push(phrase(4000, 0));
    line.push(phrase(1000, 3000));
    expect(line.lagMs(1000, 500)).toBe(1500 + 4000 - 3000);
  });

  it('gives up the oldest until no phrase would begin too late at the fastest', () => {
    for (const ms of [2000, 2500, 1000]) line.push(phrase(ms, 0));
    expect(line.dropLate(1000, 500)).toEqual([]);
    expect(lengths(line.dropLate(2000, 500))).toEqual(['2000 late']);
    expect(lengths(line.dropLate(6000, 0))).toEqual(['2500 late', '1000 late']);
  });
});
