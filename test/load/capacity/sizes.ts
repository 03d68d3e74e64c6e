import { defaults } from '../../../config/defaults.ts';
import type { Amount, Cost } from './costs.ts';

/** The meeting that the sizes are reckoned with. */
export const MEETING = { people: 4, speaking: 1, languages: 2 } as const;
/** A machine, as one rents them. */
export const NODE = { cores: 16 } as const;
/** Beyond this share of its cores a machine is late too often: what the benchmark `capacity` allows. */
export const FULL = 0.8;

const { maxConsumersPerWorker } = defaults.server.rtc;
const { maxStreams } = defaults.media;
const { beatMs } = defaults.server.cluster;

const LISTENERS = MEETING.people - MEETING.speaking;
/** What is sent to those who listen: the speaker, and the translation. */
const TRACKS = 2 * LISTENERS;

export interface Size {
  readonly rooms: number;
  readonly people: number;
  readonly tracks: number;
  /** Busy cores by process. */
  readonly cores: readonly { readonly process: string; readonly cores: number }[];
  readonly allCores: number;
  readonly memoryBytes: number;
  /** Machines of {@link NODE}, filled to {@link FULL}. */
  readonly nodes: number;
  /** Media workers by their limit of tracks, and media processes by theirs of people. */
  readonly workers: number;
  readonly mediaProcesses: number;
  /** Commands that nodes give to Redis in a second: see {@link redisOperations}. */
  readonly redisOperations: number;
}

/** What one meeting costs a kind of process. */
export function meetingCost({ speaker, listener, language }: Cost): Amount {
  const sum = (of: (amount: Amount) => number): number =>
    MEETING.speaking * (of(speaker) + MEETING.languages * of(language)) + LISTENERS * of(listener);
  return {
    cpuMsPerSecond: sum((amount) => amount.cpuMsPerSecond),
    memoryBytes: sum((amount) => amount.memoryBytes),
  };
}

/** So many meetings at once. */
export function sizeOf(rooms: number, costs: readonly Cost[], talk: number): Size {
  const cores = costs.map((cost) => ({
    process: cost.process,
    cores: (rooms * meetingCost(cost).cpuMsPerSecond) / 1000,
  }));
  const allCores = cores.reduce((sum, each) => sum + each.cores, 0);
  const people = rooms * MEETING.people;
  const tracks = rooms * TRACKS;
  const nodes = Math.ceil(allCores / (FULL * NODE.cores));
  const memory = costs.reduce((sum, cost) => sum + meetingCost(cost).memoryBytes, 0);
  return {
    ...{ rooms, people, tracks, cores, allCores, nodes },
    memoryBytes: rooms * memory,
    workers: Math.ceil(tracks / maxConsumersPerWorker),
    mediaProcesses: Math.ceil(people / maxStreams),
    redisOperations: redisOperations({ rooms, nodes, captionsPerSecond: talk }),
  };
}

/** A node shows itself (a transaction of 5 commands: 7) and asks for both lists. */
const NODE_COMMANDS = 9;
/** It asks about each node in them. */
const COMMANDS_PER_NODE_SEEN = 2;
/** An open meeting is renewed at each beat: one script. */
const COMMANDS_PER_ROOM = 1;

/** Commands a second: beats of nodes, which all look at all, leases, and each caption line once. */
export function redisOperations(at: {
  readonly rooms: number;
  readonly nodes: number;
  /** Of one meeting. */
  readonly captionsPerSecond: number;
}): number {
  const { rooms, nodes, captionsPerSecond } = at;
  const beats = nodes * (NODE_COMMANDS + COMMANDS_PER_NODE_SEEN * nodes);
  return (beats + COMMANDS_PER_ROOM * rooms) / (beatMs / 1000) + rooms * captionsPerSecond;
}
