import { describe, expect, it } from 'vitest';
import { PaceGrid, Pacer } from '../../../../media/egress/pacer.ts';
import type { Paced } from '../../../../media/egress/pacer.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

describe('PaceGrid', () => {
  it('has a tick due every 20 ms from its origin', () => {
    const grid = new PaceGrid(1000, 100);
    expect([grid.due(999), grid.due(1000), grid.due(1019), grid.due(1020)]).toEqual([
      [],
      [0],
      [],
      [1],
    ]);
  });

  it('does not drift, however late it is asked', () => {
    const grid = new PaceGrid(0, 100);
    let ticks = 0;
    let now = 0;
    while (ticks < 30_000) {
      now = grid.deadline + (ticks % 17);
      ticks += grid.due(now).length;
    }
    expect(grid.deadline).toBe(30_000 * 20);
  });

  it('gives out at once what a short stall made it miss, and no more', () => {
    const grid = new PaceGrid(0, 100);
    grid.due(0);
    expect(grid.due(75)).toEqual([1, 2, 3]);
    expect(grid.due(79)).toEqual([]);
    expect(grid.due(80)).toEqual([4]);
  });

  it('lets the time of a long stall go', () => {
    const grid = new PaceGrid(0, 100);
    grid.due(0);
    expect(grid.due(1000)).toEqual([50]);
    expect(grid.due(1020)).toEqual([51]);
  });

  it('never gives out more ticks than time has passed', () => {
    const grid = new PaceGrid(0, 100);
    let given = 0;
    for (let now = 0; now <= 10_000; now += (now * 7) % 163 || 1) {
      given += grid.due(now).length;
      expect(given).toBeLessThanOrEqual(Math.floor(now / 20) + 1);
    }
  });

  it('resumes at the next deadline after a time without need, never with an old tick', () => {
    const grid = new PaceGrid(0, 100);
    grid.due(0);
    grid.resume(1005);
    expect(grid.due(1005)).toEqual([]);
    expect(grid.due(1020)).toEqual([51]);
    grid.resume(1020);
    expect(grid.deadline).toBe(1040);
  });
});

class Worker implements Paced {
  readonly ticks: [tick: number, now: number][] = [];
  left: number;

  constructor(left: number) {
    this.left = left;
  }

  get idle(): boolean {
    return this.left === 0;
  }

  tick(tick: number, now: number): void {
    this.ticks.push([tick, now]);
    this.left -= 1;
  }
}

const create = (clock: FakeClock, late: number[] = []): Pacer =>
  new Pacer(clock, 100, (ms) => late.push(ms));

describe('Pacer', () => {
  it('ticks each member on the grid and stops when all are idle', () => {
    const clock = new FakeClock();
    const pacer = create(clock);
    const [short, long] = [new Worker(2), new Worker(4)];
    pacer.add(short);
    pacer.add(long);
    pacer.wake();
    clock.advance(500);
    expect(short.ticks.map(([tick]) => tick)).toEqual([0, 1]);
    expect(long.ticks).toEqual([
      [0, 0],
      [1, 20],
      [2, 40],
      [3, 60],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('has one timer, however many are awake', () => {
    const clock = new FakeClock();
    const pacer = create(clock);
    for (let member = 0; member < 10; member++) pacer.add(new Worker(5));
    for (let call = 0; call < 10; call++) pacer.wake();
    expect(clock.pending).toBe(1);
  });

  it('counts ticks by wall time over a pause', () => {
    const clock = new FakeClock();
    const pacer = create(clock);
    const worker = new Worker(2);
    pacer.add(worker);
    pacer.wake();
    clock.advance(1000);
    worker.left = 1;
    pacer.wake();
    clock.advance(100);
    expect(worker.ticks.map(([tick]) => tick)).toEqual([0, 1, 50]);
  });

  it('makes up for a short stall and says how late it was', () => {
    const clock = new FakeClock();
    const late: number[] = [];
    const pacer = create(clock, late);
    const worker = new Worker(6);
    pacer.add(worker);
    pacer.wake();
    clock.advance(5);
    clock.stall(70);
    clock.advance(100);
    expect(worker.ticks).toEqual([
      [0, 0],
      [1, 75],
      [2, 75],
      [3, 75],
      [4, 80],
      [5, 100],
    ]);
    expect(Math.max(...late)).toBe(55);
  });

  it('leaves a member alone once it is removed, and rests when disposed', () => {
    const clock = new FakeClock();
    const pacer = create(clock);
    const [leaving, staying] = [new Worker(10), new Worker(10)];
    const membership = pacer.add(leaving);
    pacer.add(staying);
    pacer.wake();
    clock.advance(25);
    membership[Symbol.dispose]();
    clock.advance(40);
    pacer[Symbol.dispose]();
    clock.advance(1000);
    expect(leaving.ticks).toHaveLength(2);
    expect(staying.ticks).toHaveLength(4);
    expect(clock.pending).toBe(0);
  });
});
