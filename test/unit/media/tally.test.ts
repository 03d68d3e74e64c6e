import { describe, expect, it } from 'vitest';
import { Tallies } from '../../../media/tally.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('the tally of a stage', () => {
  it('adds up what all streams put through it, with drops by reason', () => {
    const tallies = new Tallies(new FakeClock());
    const [one, other] = [tallies.stage('jitter'), tallies.stage('jitter')];
    one.in();
    other.in();
    other.out(2);
    one.drop('late');
    other.drop('late');
    other.drop('duplicate');
    tallies.stage('vad').in();
    expect(tallies.stats).toEqual([
      { stage: 'jitter', in: 2, out: 2, dropped: { late: 2, duplicate: 1 }, slowestMs: 0 },
      { stage: 'vad', in: 1, out: 0, dropped: {}, slowestMs: 0 },
    ]);
  });

  it('remembers the slowest item for at least ten seconds and no more than twenty', () => {
    const clock = new FakeClock();
    const tallies = new Tallies(clock);
    const meter = tallies.stage('vad');
    const slowest = () => tallies.stats[0]?.slowestMs;
    meter.took(1);
    clock.advance(9_000);
    meter.took(7);
    clock.advance(2_000);
    meter.took(2);
    expect(slowest()).toBe(7);
    clock.advance(11_000);
    expect(slowest()).toBe(2);
    clock.advance(20_000);
    expect(slowest()).toBe(0);
  });

  it('is told apart from a time long ago by a stage that rested', () => {
    const clock = new FakeClock();
    const tallies = new Tallies(clock);
    const meter = tallies.stage('vad');
    meter.took(50);
    clock.advance(60_000);
    meter.took(1);
    expect(tallies.stats[0]?.slowestMs).toBe(1);
  });
});
