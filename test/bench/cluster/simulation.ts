import { defaults } from '../../../config/defaults.ts';
import { loadOf } from '../../../server/cluster/load.ts';
import { LOAD_OF_A_ROOM, place } from '../../../server/cluster/placement.ts';
import type { NodeInfo } from '../../../server/cluster/placement.ts';
import { average, meeting, talks } from './meetings.ts';
import type { MeetingCosts, SimulatedMeeting } from './meetings.ts';

export interface Costs extends MeetingCosts {
  /** A node that nobody uses, in milliseconds of processor time a second. */
  readonly rest: number;
  /** In milliseconds of processor time: a beat, for each node that is seen, for each lease renewed. */
  readonly beat: number;
  readonly nodeSeen: number;
  readonly lease: number;
}

export interface Cluster {
  readonly nodes: number;
  /** Meetings that are held all the time: when one ends, another begins. */
  readonly meetings: number;
  readonly costs: Costs;
  readonly random: () => number;
}

/** A machine as one rents them; beyond this share of it frames are late (benchmark `capacity`). */
const CORES = 16;
const FULL = 0.8;
const CAPACITY = 1000 * CORES * FULL;
/** Operators tell a node to take so much more than it can carry, so that places are not what is short. */
const SPARE = 1.25;
const SMOOTHING = 0.5;
const VERSION = '1.0.0';

const STEP_MS = 1_000;
const BEAT_MS = defaults.server.cluster.beatMs;
/** Meetings begin one after the other in this time; what is late counts from some time after it. */
const FILL_MS = 30 * 60_000;
const COUNT_FROM_MS = 45 * 60_000;
const END_MS = 105 * 60_000;

interface SimulatedNode {
  readonly id: string;
  meetings: SimulatedMeeting[];
  /** The cluster as this node saw it at its last beat, and what it has given away since. */
  seen: Map<string, NodeInfo>;
  shown: NodeInfo;
  /** Share of the machine that was used, smoothed as nodes do. */
  busy: number;
  usedMs: number;
}

/** Share of the frames that are late when so many meetings are held all the time. */
export function lateShare({ nodes: count, meetings, costs, random }: Cluster): number {
  const nodes = Array.from({ length: count }, (_, index) => idle(String(index)));
  for (const node of nodes) node.seen = new Map(nodes.map(({ id, shown }) => [id, shown]));
  const limits = limitsOf(costs);
  let [frames, late, held] = [0, 0, 0];
  for (let now = 0; now < END_MS; now += STEP_MS) {
    for (const node of nodes) {
      const going = node.meetings.filter(({ endsAt }) => endsAt > now);
      held -= node.meetings.length - going.length;
      node.meetings = going;
    }
    const wanted = Math.min(meetings, Math.ceil((meetings * (now + STEP_MS)) / FILL_MS));
    while (held < wanted && begin(nodes, meeting(now, costs, random), random)) held += 1;
    for (const [index, node] of nodes.entries()) {
      // Each node beats at a moment of its own.
      const beats = count > 1 && (now / STEP_MS + index) % (BEAT_MS / STEP_MS) === 0;
      const { used, sent } = second(node, costs, random);
      const beating = beats ? beatCost(node, count, costs) : 0;
      node.usedMs += used + beating;
      if (now >= COUNT_FROM_MS) {
        frames += sent;
        late += sent * Math.max(0, 1 - CAPACITY / (used + beating));
      }
      if (beats) beat(node, nodes, limits);
    }
  }
  return late / frames;
}

/**
 * The most meetings of which no more than `mostLate` of the frames are late, on average over several
 * courses of chance: each of `chances` begins one anew, the same for every number of meetings.
 */
export function heldBy(
  cluster: Pick<Cluster, 'nodes' | 'costs'>,
  mostLate: number,
  chances: readonly (() => () => number)[],
): number {
  const holds = (meetings: number): boolean => {
    const late = chances.map((chance) => lateShare({ ...cluster, meetings, random: chance() }));
    return late.reduce((sum, share) => sum + share, 0) <= mostLate * chances.length;
  };
  let [some, many] = [0, 64];
  while (holds(many)) [some, many] = [many, 2 * many];
  while (many - some > 1) {
    const between = Math.floor((some + many) / 2);
    if (holds(between)) some = between;
    else many = between;
  }
  return some;
}

function idle(id: string): SimulatedNode {
  const shown: NodeInfo = {
    ...{ id, url: `http://${id}`, version: VERSION, state: 'ready' },
    ...{ load: 0, rooms: 0, people: 0 },
  };
  return { id, meetings: [], seen: new Map(), shown, busy: 0, usedMs: 0 };
}

/** A link is opened at any node; the meeting goes where that one finds room. False: nowhere is any. */
function begin(
  nodes: readonly SimulatedNode[],
  newcomer: SimulatedMeeting,
  random: () => number,
): boolean {
  const door = nodes[Math.floor(random() * nodes.length)];
  const chosen = door && place([...door.seen.values()], { version: VERSION }, random);
  const node = nodes.find(({ id }) => id === chosen?.id);
  if (!door || !chosen || !node) return false;
  const load = Math.min(0.99, chosen.load + LOAD_OF_A_ROOM);
  door.seen.set(chosen.id, { ...chosen, load, rooms: chosen.rooms + 1 });
  node.meetings.push(newcomer);
  return true;
}

function second({ meetings }: SimulatedNode, costs: Costs, random: () => number) {
  let [used, sent] = [costs.rest, 0];
  for (const { talking, always, frames } of meetings) {
    used += always;
    if (!talks(random)) continue;
    used += talking;
    sent += frames;
  }
  return { used, sent };
}

const beatCost = ({ meetings }: SimulatedNode, nodes: number, costs: Costs): number =>
  costs.beat + nodes * costs.nodeSeen + meetings.length * costs.lease;

type Limits = ReturnType<typeof limitsOf>;

function limitsOf(costs: Costs) {
  const { people, cost } = average(costs);
  const rooms = (SPARE * (CAPACITY - costs.rest)) / cost;
  return { rooms, people: people * rooms };
}

/** Shows itself, and looks at the others. */
function beat(node: SimulatedNode, nodes: readonly SimulatedNode[], limits: Limits): void {
  const used = Math.min(1, node.usedMs / (BEAT_MS * CORES));
  node.usedMs = 0;
  node.busy += SMOOTHING * (used - node.busy);
  const rooms = node.meetings.length;
  const people = node.meetings.reduce((sum, each) => sum + each.people, 0);
  const shares = {
    ...{ rooms: rooms / limits.rooms, people: people / limits.people },
    ...{ streams: people / limits.people, machine: node.busy, loop: 0 },
  };
  node.shown = { ...node.shown, rooms, people, load: loadOf(shares) };
  node.seen = new Map(nodes.map(({ id, shown }) => [id, shown]));
}
