/** A node as the others know it. */
export interface NodeInfo {
  readonly id: string;
  /** Its address for browsers. */
  readonly url: string;
  readonly version: string;
  /** 0: idle; 1: nobody more fits. See load.ts. */
  readonly load: number;
  readonly rooms: number;
  readonly people: number;
  readonly state: 'ready' | 'draining';
}

/** What a new meeting is taken to add to a node's load before the node itself has said so. */
export const LOAD_OF_A_ROOM = 0.01;

export interface Wanted {
  /** The version of the node that places the meeting; one like it is preferred. */
  readonly version: string;
  /** The version of the node that had it before: the next one may not be older. */
  readonly atLeast?: string | undefined;
}

/**
 * The node for a meeting, by the power of two choices: of two at random the one with the lower load
 * (Mitzenmacher 2001). All nodes see figures that are seconds old; if each took the lowest, all would
 * take the same. Draining and full nodes are left out. Undefined: no node takes a meeting now.
 */
export function place(
  nodes: readonly NodeInfo[],
  { version, atLeast = '' }: Wanted,
  random: () => number = Math.random,
): NodeInfo | undefined {
  const open = nodes.filter(
    ({ state, load, version: its }) =>
      state === 'ready' && load < 1 && compareVersions(its, atLeast) >= 0,
  );
  const alike = open.filter((node) => node.version === version);
  const choice = alike.length > 0 ? alike : newest(open);
  const first = choice[Math.floor(random() * choice.length)];
  const others = choice.filter((node) => node !== first);
  const second = others[Math.floor(random() * others.length)];
  return second !== undefined && first !== undefined && second.load < first.load ? second : first;
}

/**
 * Negative when `a` is older: by its three numbers (semver.org, 11), without the rules for releases to
 * come. What is no number counts as 0.
 */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[.+-]/).map((part) => Number(part) || 0);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function newest(nodes: readonly NodeInfo[]): readonly NodeInfo[] {
  const version = nodes
    .map((node) => node.version)
    .reduce((newer, each) => (compareVersions(each, newer) > 0 ? each : newer), '');
  return nodes.filter((node) => compareVersions(node.version, version) === 0);
}
