import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cpuMs } from '../bench/proc.ts';
import type { FromCrew, Job, Tally, ToCrew } from './crew/messages.ts';

const PROGRAM = join(import.meta.dirname, 'crew/program.ts');
/** One process does well with so many bots. */
const BOTS_EACH = 25;
const END_MS = 15_000;

/** Splits meetings over processes: one for 25 bots, but none for the last core. */
export function partsOf(rooms: number, peers: number, cores = availableParallelism()) {
  const wanted = Math.ceil((rooms * peers) / BOTS_EACH);
  const count = Math.max(1, Math.min(wanted, rooms, cores - 1));
  const border = (part: number): number => Math.floor((part * rooms) / count);
  return Array.from({ length: count }, (_, part) => ({
    firstRoom: border(part),
    rooms: border(part + 1) - border(part),
  }));
}

export interface CrewsEvents {
  readonly onTally: (tally: Tally) => void;
  /** Everybody is in who is let in. */
  readonly onComplete: () => void;
  /** A process has ended before it was told to, or cannot do its part. */
  readonly onLost: (message: string | undefined) => void;
}

/** The processes that make the load. */
export class Crews {
  readonly #children: readonly ChildProcess[];
  #ending = false;

  constructor(jobs: readonly Job[], events: CrewsEvents) {
    let incomplete = jobs.length;
    this.#children = jobs.map((job) => {
      const child = fork(PROGRAM, [], { serialization: 'advanced', execArgv: [] });
      child.on('message', (message: FromCrew) => {
        if (message.type === 'tally') events.onTally(message.tally);
        else if (message.type === 'impossible') events.onLost(message.message);
        else if (--incomplete === 0) events.onComplete();
      });
      child.once('exit', () => {
        if (!this.#ending) events.onLost(undefined);
      });
      child.send({ type: 'begin', job } satisfies ToCrew);
      return child;
    });
  }

  get pids(): readonly number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  /** Processor time of the processes themselves so far. */
  async cpuMs(): Promise<number> {
    const figures = await Promise.all(this.pids.map((pid) => cpuMs(pid).catch(() => 0)));
    return figures.reduce((sum, figure) => sum + figure, 0);
  }

  /** Lets the bots leave, and resolves when their processes have ended. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        const patience = setTimeout(() => child.kill('SIGKILL'), END_MS);
        if (child.connected) child.send({ type: 'end' } satisfies ToCrew);
        await exited;
        clearTimeout(patience);
      }),
    );
  }
}
