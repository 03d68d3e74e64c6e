import { describe, expect, it } from 'vitest';
import { CUT_OFF_MS, FloodGate } from '../../../../media/rtp/flood-gate.ts';

/** Packets of a stream, evenly spaced: how many pass, of how many. */
function pass(
  gate: FloodGate,
  stream: { perSecond: number; ms: number; from: number; for: number },
) {
  const step = 1000 / stream.perSecond;
  let passed = 0;
  let sent = 0;
  for (let now = stream.from; now < stream.from + stream.for; now += step, sent += 1) {
    if (gate.admits(now) && gate.carries(stream.ms, now)) passed += 1;
  }
  return { passed, sent };
}

describe('FloodGate', () => {
  it.each([
    [50, 20],
    [100, 10],
    [17, 60],
    [200, 5],
    [8, 120],
  ])('lets %i packets a second of %d ms pass for a minute', (perSecond, ms) => {
    const { passed, sent } = pass(new FloodGate(), { perSecond, ms, from: 0, for: 60_000 });
    expect(passed).toBe(sent);
  });

  it.each([
    ['of speech', 20],
    ['too short to hold any', 2.5],
    ['that are no Opus', 0],
  ])('cuts off ten times the packets %s', (_, ms) => {
    const { passed, sent } = pass(new FloodGate(), { perSecond: 500, ms, from: 0, for: 60_000 });
    expect(sent).toBe(30_000);
    expect(passed / 60).toBeLessThan(320);
    expect(passed * ms).toBeLessThan(2 * 60_000);
  });

  it('takes what a network delivers at once after standing still for two seconds', () => {
    const gate = new FloodGate();
    pass(gate, { perSecond: 50, ms: 20, from: 0, for: 10_000 });
    const burst = pass(gate, { perSecond: 10_000, ms: 20, from: 12_000, for: 10 });
    expect(burst.sent).toBe(100);
    expect(burst.passed).toBe(100);
    const { passed, sent } = pass(gate, { perSecond: 50, ms: 20, from: 12_010, for: 10_000 });
    expect(passed).toBe(sent);
  });

  it('opens again after a while for a stream that has come to its senses', () => {
    const gate = new FloodGate();
    pass(gate, { perSecond: 500, ms: 20, from: 0, for: 1000 });
    expect(gate.admits(1000)).toBe(false);
    expect(gate.admits(1000 + CUT_OFF_MS)).toBe(true);
  });
});
