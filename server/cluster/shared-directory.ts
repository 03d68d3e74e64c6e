import { RequestError } from '../errors.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { Chronicle } from '../rooms/chronicle.ts';
import { newRoomId } from '../rooms/room-id.ts';
import type { LocalRooms, RoomDirectory, RoomPlace } from './directory.ts';
import type { NodeList } from './node-list.ts';
import { place } from './placement.ts';
import type { NodeInfo } from './placement.ts';
import type { RoomStore } from './room-store.ts';
import { SharedChronicle } from './shared-chronicle.ts';

export interface SharedDirectoryOptions {
  readonly store: RoomStore;
  readonly nodes: NodeList;
  readonly rooms: LocalRooms;
  /** This node. */
  readonly id: string;
  readonly version: string;
}

/** A meeting this node has. */
interface Held {
  readonly generation: string;
  readonly chronicle: SharedChronicle;
}

/** What is known of a meeting from outside. */
export interface ElsewhereState {
  readonly people: number;
  /** Address of the node that has it; undefined: none has. */
  readonly node?: string;
}

/** Since the start. */
export interface LeaseCounts {
  claimed: number;
  lost: number;
  moved: number;
  refused: number;
  dropped: number;
}

/**
 * The directory of several nodes, in Redis. Whoever is asked for a meeting that nobody has gives it to
 * the node that fits best, itself or another; that node takes it up when the first person comes.
 * While there is no Redis, meetings that are here go on, and nothing new begins.
 */
export class SharedDirectory implements RoomDirectory {
  readonly counts: LeaseCounts = { claimed: 0, lost: 0, moved: 0, refused: 0, dropped: 0 };
  /** Nothing new comes to this node. */
  draining = false;
  readonly #options: SharedDirectoryOptions;
  readonly #held = new Map<RoomId, Held>();
  readonly #opening = new Map<RoomId, Promise<void>>();

  constructor(options: SharedDirectoryOptions) {
    this.#options = options;
  }

  get doors(): readonly string[] {
    return this.#options.nodes.lively.map(({ url }) => url);
  }

  /** Meetings this node has. */
  get size(): number {
    return this.#held.size;
  }

  async found(): Promise<RoomId> {
    this.#choose();
    const id = newRoomId();
    await this.#options.store.found(id);
    return id;
  }

  async locate(id: RoomId, mayBeNew: boolean): Promise<RoomPlace | undefined> {
    const { store, nodes, rooms } = this.#options;
    if (this.#held.has(id) && rooms.has(id)) return {};
    const { known, version, people, decisions, ...seen } = await store.look(id);
    if (!known && seen.node === undefined && !mayBeNew) return undefined;
    const owner = seen.node ?? (await this.#place(id, version));
    const told = { people, decisions };
    if (owner === this.#options.id) return { told };
    const node = nodes.find(owner) ?? (await this.#lookAgain(owner));
    if (!node) throw new RequestError('unavailable', 'the node of this meeting is not known yet');
    return { url: node.url, told };
  }

  open(id: RoomId, mayBeNew: boolean): Promise<void> {
    if (this.#held.has(id) && this.#options.rooms.has(id)) return Promise.resolve();
    const opening = this.#opening.get(id) ?? this.#open(id, mayBeNew);
    this.#opening.set(id, opening);
    return opening.finally(() => this.#opening.delete(id));
  }

  /** How a meeting is that is not here, without giving it a node; undefined: it is here. */
  async elsewhere(id: RoomId): Promise<ElsewhereState | undefined> {
    if (this.#held.has(id)) return undefined;
    const { store, nodes } = this.#options;
    const { node, people } = await store.look(id);
    const url = node === undefined ? undefined : nodes.find(node)?.url;
    return { people, ...(url !== undefined && { node: url }) };
  }

  /** Guests' links to a meeting that no node has open nothing from now on. Rejects without Redis. */
  async forget(id: RoomId): Promise<void> {
    await this.#options.store.forget(id);
  }

  holds(id: RoomId): boolean {
    return this.#held.has(id);
  }

  release(id: RoomId): void {
    // Where that fails the lease runs out by itself.
    this.#letGo(id).catch(() => undefined);
  }

  /** Rejects without Redis. */
  async releaseAll(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((id) => this.#letGo(id)));
  }

  chronicle(id: RoomId): Chronicle | undefined {
    return this.#held.get(id)?.chronicle;
  }

  /** Renews every meeting; those that are another's now are closed. Rejects without Redis. */
  async renew(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((id) => this.#renew(id)));
  }

  /** Hands a meeting to another node and lets its people change over. Rejects without Redis. */
  async handOver(id: RoomId, heir: NodeInfo, lingerMs: number): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return;
    await held.chronicle.settled();
    if (!(await this.#options.store.handOver(id, held.generation, heir.id))) {
      this.#lose(id);
      return;
    }
    this.#held.delete(id);
    this.counts.moved += 1;
    this.#options.nodes.given(heir.id);
    this.#options.rooms.move(id, lingerMs);
  }

  async #open(id: RoomId, mayBeNew: boolean): Promise<void> {
    const { store, rooms } = this.#options;
    const seen = await store.look(id);
    if (seen.node === undefined) this.#requireOpen(seen.known || mayBeNew);
    const { node, generation } = await store.claim(id, this.#options.id);
    if (node !== this.#options.id) throw new RequestError('moved', 'another node has this meeting');
    const past = await store.past(id);
    const chronicle = this.#chronicle(id, generation);
    this.#held.set(id, { generation, chronicle });
    this.counts.claimed += 1;
    try {
      rooms.open(id, past);
    } catch (error) {
      this.release(id);
      throw error;
    }
    if (past.decisions) chronicle.decided(past.decisions);
    chronicle.set('version', this.#options.version);
  }

  async #letGo(id: RoomId): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return;
    this.#held.delete(id);
    await held.chronicle.settled();
    await this.#options.store.letGo(id, held.generation);
  }

  #requireOpen(known: boolean): void {
    if (!known) throw new RequestError('roomNotFound', 'there is no such meeting');
    if (this.draining) throw new RequestError('moved', 'this node takes no meetings any more');
  }

  #chronicle(id: RoomId, generation: string): SharedChronicle {
    return new SharedChronicle({
      write: (change) => this.#options.store.write(id, generation, change),
      onRefused: () => {
        this.counts.refused += 1;
        this.#renew(id).catch(() => undefined);
      },
      onDropped: (lines) => {
        this.counts.dropped += lines;
      },
    });
  }

  async #renew(id: RoomId): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return;
    const outcome = await this.#options.store.renew(id, held.generation);
    if (this.#held.get(id) !== held) return;
    if (outcome === 'lost') this.#lose(id);
    else if (outcome === 'emptied') held.chronicle.again();
    else held.chronicle.flush();
  }

  /** Another node has it: the copy here ends at once. */
  #lose(id: RoomId): void {
    this.#held.delete(id);
    this.counts.lost += 1;
    this.#options.rooms.move(id, 0);
  }

  async #place(id: RoomId, atLeast: string | undefined): Promise<string> {
    const chosen = this.#choose(atLeast);
    const { node } = await this.#options.store.claim(id, chosen.id);
    if (node === chosen.id) this.#options.nodes.given(node);
    return node;
  }

  #choose(atLeast?: string): NodeInfo {
    const { nodes, version } = this.#options;
    const chosen = place(nodes.lively, { version, atLeast });
    if (chosen) return chosen;
    if (nodes.lively.some(({ state }) => state === 'ready')) {
      throw new RequestError('serverFull', 'no node takes another meeting');
    }
    if (this.draining) throw new RequestError('stopping', 'this server is about to restart');
    throw new RequestError('unavailable', 'no node takes a meeting now');
  }

  /** A node that has come since the last beat. */
  async #lookAgain(owner: string): Promise<NodeInfo | undefined> {
    await this.#options.nodes.look();
    return this.#options.nodes.find(owner);
  }
}
