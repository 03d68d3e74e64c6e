import type { Load } from '../arguments.ts';
import type { ProcessCost } from '../report.ts';

export interface Amount {
  readonly cpuMsPerSecond: number;
  readonly memoryBytes: number;
}

/** What the processes of one kind cost. */
export interface Cost {
  readonly process: string;
  /** With nobody there. */
  readonly rest: Amount;
  /** A meeting in which one person speaks, without those who listen. */
  readonly speaker: Amount;
  /** Each who listens: to the speaker, and to the translation. */
  readonly listener: Amount;
  /** Each language that a speaker is heard in. */
  readonly language: Amount;
}

/**
 * The loads that the costs are the differences of: all have as many meetings. None is larger than it
 * must be: on a machine that is full, what is more costs nothing more.
 */
export const PLAN = {
  few: { peers: 3, speakers: 1, languages: 1 },
  listeners: { peers: 8, speakers: 1, languages: 1 },
  languages: { peers: 4, speakers: 1, languages: 3 },
} as const satisfies Record<string, Omit<Load, 'rooms' | 'minutes'>>;

export type Step = keyof typeof PLAN;

export interface Measured extends Readonly<Record<Step, readonly ProcessCost[]>> {
  readonly rest: readonly ProcessCost[];
}

const NONE: Amount = { cpuMsPerSecond: 0, memoryBytes: 0 };
const MORE_LISTENERS = PLAN.listeners.peers - PLAN.few.peers;
const MORE_LANGUAGES = PLAN.languages.languages - PLAN.few.languages;
/** They need somebody who hears them. */
const THEIR_LISTENERS = PLAN.languages.peers - PLAN.few.peers;
const LISTENERS = PLAN.few.peers - PLAN.few.speakers;

/**
 * What each thing costs, from the loads of {@link PLAN} with so many meetings. Differences of what was
 * measured, so a cost too small to be seen may come out below nothing; it is then told as nothing.
 */
export function costsOf(measured: Measured, rooms: number): readonly Cost[] {
  return measured.few.map(({ name: process }) => {
    const at = (step: keyof Measured): Amount =>
      measured[step].find(({ name }) => name === process) ?? NONE;
    const rest = at('rest');
    const listener = scaled(minus(at('listeners'), at('few')), 1 / (rooms * MORE_LISTENERS));
    const more = scaled(minus(at('languages'), at('few')), 1 / rooms);
    const language = scaled(minus(more, scaled(listener, THEIR_LISTENERS)), 1 / MORE_LANGUAGES);
    const meeting = scaled(minus(at('few'), rest), 1 / rooms);
    const speaker = minus(minus(meeting, scaled(listener, LISTENERS)), language);
    return {
      ...{ process, rest },
      ...{ speaker: seen(speaker), listener: seen(listener), language: seen(language) },
    };
  });
}

const minus = (a: Amount, b: Amount): Amount => ({
  cpuMsPerSecond: a.cpuMsPerSecond - b.cpuMsPerSecond,
  memoryBytes: a.memoryBytes - b.memoryBytes,
});

const scaled = ({ cpuMsPerSecond, memoryBytes }: Amount, by: number): Amount => ({
  cpuMsPerSecond: cpuMsPerSecond * by,
  memoryBytes: memoryBytes * by,
});

const seen = ({ cpuMsPerSecond, memoryBytes }: Amount): Amount => ({
  cpuMsPerSecond: Math.max(0, cpuMsPerSecond),
  memoryBytes: Math.max(0, memoryBytes),
});
