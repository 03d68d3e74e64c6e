import { describe, expect, it } from 'vitest';
import { Metrics } from '../../../media/metrics.ts';
import { measured } from '../../../media/stage.ts';
import type { Stage } from '../../../media/stage.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** Hands every second number on, and takes 3 ms for each. */
const halving = (clock: FakeClock, drop: (reason: string) => void): Stage<number, number> => ({
  push: (number) => {
    clock.advance(3);
    if (number % 2 === 0) return [number];
    drop('odd');
    return [];
  },
  advance: () => [],
  flush: () => [100, 101],
});

describe('a measured stage', () => {
  it('gives what the stage gives, and counts in, out, drops and the longest time', async () => {
    const clock = new FakeClock();
    const metrics = new Metrics();
    const meter = metrics.stage('halving');
    const stage = measured(
      halving(clock, (reason) => {
        meter.drop(reason);
      }),
      meter,
      clock,
    );
    expect([1, 2, 3].flatMap((number) => stage.push(number))).toEqual([2]);
    expect([...stage.advance(0), ...stage.flush()]).toEqual([100, 101]);
    const text = await metrics.text({
      speakers: 0,
      speaking: 0,
      voices: 0,
      queues: {},
      stages: [],
    });
    expect(text).toContain('stage_items_total{stage="halving",direction="in"} 3');
    expect(text).toContain('stage_items_total{stage="halving",direction="out"} 3');
    expect(text).toContain('dropped_total{stage="halving",reason="odd"} 2');
    expect(text).toContain('stage_slowest_seconds{stage="halving"} 0.003');
  });
});
