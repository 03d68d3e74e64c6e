import { VOICE_FRAME_MS } from '../audio.ts';
import type { Clock } from '../clock.ts';

/**
 * The moments at which packets are due: absolute deadlines every 20 ms from an origin, so that a
 * late wake-up never moves the next one. After a stall what was missed is due at once, up to
 * `catchUpMs`; of a longer stall the time is let go, for listeners have played silence meanwhile.
 */
export class PaceGrid {
  readonly #origin: number;
  readonly #catchUp: number;
  #next = 0;

  constructor(origin: number, catchUpMs: number) {
    this.#origin = origin;
    this.#catchUp = Math.max(1, Math.floor(catchUpMs / VOICE_FRAME_MS));
  }

  /** When the next tick is due. */
  get deadline(): number {
    return this.#origin + this.#next * VOICE_FRAME_MS;
  }

  /** Ticks due by `now`, in order; each is given out once and stands for its own 20 ms. */
  due(now: number): readonly number[] {
    const end = Math.floor((now - this.#origin) / VOICE_FRAME_MS) + 1;
    if (end <= this.#next) return [];
    const begin = end - this.#next > this.#catchUp ? end - 1 : this.#next;
    this.#next = end;
    return Array.from({ length: end - begin }, (_, offset) => begin + offset);
  }

  /** Lets go of everything before `now`: after a time in which nobody needed ticks. */
  resume(now: number): void {
    const coming = Math.ceil((now - this.#origin) / VOICE_FRAME_MS);
    this.#next = Math.max(this.#next, coming);
  }
}

/** Something that acts every 20 ms while it has something to do. */
export interface Paced {
  readonly idle: boolean;
  /** `tick` counts 20 ms steps of wall time and only grows. */
  tick(tick: number, now: number): void;
  /** Work for its next tick, done once everybody has had this one. */
  prepare?(): void;
}

/**
 * Drives everything on a thread that acts every 20 ms from one timer, armed for the next
 * deadline and off while all are idle.
 */
export class Pacer implements Disposable {
  readonly #clock: Clock;
  readonly #grid: PaceGrid;
  readonly #late: (ms: number) => void;
  readonly #members = new Set<Paced>();
  #timer: Disposable | undefined;

  /** `late` is told at each wake-up by how much it missed its deadline. */
  constructor(clock: Clock, catchUpMs: number, late: (ms: number) => void) {
    this.#clock = clock;
    this.#grid = new PaceGrid(clock.now(), catchUpMs);
    this.#late = late;
  }

  add(member: Paced): Disposable {
    this.#members.add(member);
    return {
      [Symbol.dispose]: () => {
        this.#members.delete(member);
      },
    };
  }

  /** To be called when a member stops being idle. */
  wake(): void {
    if (this.#timer !== undefined) return;
    this.#grid.resume(this.#clock.now());
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#members.clear();
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = this.#clock.at(this.#grid.deadline, () => {
      this.#run();
    });
  }

  #run(): void {
    const now = this.#clock.now();
    this.#late(Math.max(0, now - this.#grid.deadline));
    for (const tick of this.#grid.due(now)) {
      for (const member of this.#members) if (!member.idle) member.tick(tick, now);
      for (const member of this.#members) member.prepare?.();
    }
    this.#timer = undefined;
    if (this.#members.values().some((member) => !member.idle)) this.#arm();
  }
}
