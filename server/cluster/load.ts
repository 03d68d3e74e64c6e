import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { EventLoopUtilization } from 'node:perf_hooks';

/** Shares of what a node has, each 0 to 1. */
export interface Shares {
  /** Meetings of those that may exist. */
  readonly rooms: number;
  /** People of those who may be here in all. */
  readonly people: number;
  /** Streams of those that the media processes may serve. */
  readonly streams: number;
  /** Processor time of this machine that is used. */
  readonly machine: number;
  /** Time that the server's event loop is busy. */
  readonly loop: number;
}

/** How much of the last figure goes into the next: one busy moment is not what a meeting will meet. */
const SMOOTHING = 0.5;

/**
 * One number for how much of a node is used. Places count twice as much as processor time, because they
 * are what a meeting takes for as long as it lasts; 1 when there is no place left at all.
 */
export function loadOf({ rooms, people, streams, machine, loop }: Shares): number {
  const places = Math.max(rooms, people, streams);
  return places >= 1 ? 1 : Math.min(0.99, (2 * places + Math.max(machine, loop)) / 3);
}

/** Reads how busy the machine and this process have been between two looks. */
export class Busyness {
  #ticks = ticks();
  #loop: EventLoopUtilization = performance.eventLoopUtilization();
  #machine = 0;
  #ownLoop = 0;

  look(): Pick<Shares, 'machine' | 'loop'> {
    const now = ticks();
    const total = now.total - this.#ticks.total;
    const busy = total > 0 ? 1 - (now.idle - this.#ticks.idle) / total : 0;
    const loop = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(loop, this.#loop);
    this.#ticks = now;
    this.#loop = loop;
    this.#machine += SMOOTHING * (busy - this.#machine);
    this.#ownLoop += SMOOTHING * (utilization - this.#ownLoop);
    return { machine: this.#machine, loop: this.#ownLoop };
  }
}

function ticks(): { readonly idle: number; readonly total: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const total = times.flatMap((time) => Object.values(time)).reduce((sum, ms) => sum + ms, 0);
  return { idle, total };
}
