import type { PeerId } from '../protocol/ids.ts';

/** People remembered after they have left; whoever left longest ago is forgotten first. */
const MAX_PEOPLE = 1_000;

/** Lines of a room by their sequence: from the first, up to the last and without it. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** Who may read which lines. */
export type Readers = readonly (readonly [PeerId, readonly Stretch[]])[];

/**
 * Who may read which lines of a room: what was said while they were in it, and what they were shown
 * when they came. It outlives their leaving, for those who come back as the same person.
 */
export class Readership {
  readonly #stretches: Map<PeerId, readonly Stretch[]>;

  /** `past`: who might read what before, on a node that had the room; everyone has left it there. */
  constructor(past: Readers = [], until = Infinity) {
    const closed = (stretch: Stretch) => ({ ...stretch, until: Math.min(stretch.until, until) });
    this.#stretches = new Map(past.map(([peerId, theirs]) => [peerId, theirs.map(closed)]));
  }

  get all(): Readers {
    return [...this.#stretches];
  }

  /** They read on from line `from`; what lies before `oldest` is no longer kept. */
  arrive(peerId: PeerId, from: number, oldest: number): void {
    const kept = this.#of(peerId).filter(({ until }) => until > oldest);
    const last = kept.at(-1);
    const joined = last !== undefined && last.until >= from;
    const before = joined ? kept.slice(0, -1) : kept;
    const start = joined ? Math.min(last.from, from) : from;
    this.#set(peerId, [...before, { from: start, until: Infinity }]);
  }

  /** They read no further than to line `until`, without it. */
  depart(peerId: PeerId, until: number): void {
    const stretches = this.#of(peerId);
    const last = stretches.at(-1);
    if (last !== undefined) this.#set(peerId, [...stretches.slice(0, -1), { ...last, until }]);
  }

  mayRead(peerId: PeerId, sequence: number): boolean {
    return this.#of(peerId).some(({ from, until }) => from <= sequence && sequence < until);
  }

  #of(peerId: PeerId): readonly Stretch[] {
    return this.#stretches.get(peerId) ?? [];
  }

  /** Whoever was heard of last is forgotten last. */
  #set(peerId: PeerId, stretches: readonly Stretch[]): void {
    this.#stretches.delete(peerId);
    this.#stretches.set(peerId, stretches);
    if (this.#stretches.size <= MAX_PEOPLE) return;
    for (const [gone, theirs] of this.#stretches) {
      if (theirs.at(-1)?.until === Infinity) continue;
      this.#stretches.delete(gone);
      return;
    }
  }
}
