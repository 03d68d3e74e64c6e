import type { CaptionEvent, NewConsumer, PeerInfo, Stamp } from '../../server/protocol/events.ts';
import type { ConsumerId, PeerId } from '../../server/protocol/ids.ts';
import type { JoinResult } from '../../server/protocol/requests.ts';

/** An event as it comes to a page. */
export interface Told {
  readonly event: string;
  readonly data: unknown;
  readonly stamp: Stamp;
}

/**
 * What a page knows by what it was told alone: events applied in the order they came, those of a
 * lower generation left out, and answers to `join` as the whole truth.
 */
export class Reader {
  readonly peers = new Map<PeerId, PeerInfo>();
  readonly tracks = new Map<ConsumerId, NewConsumer>();
  /** The last revision of each line. */
  readonly lines = new Map<number, number>();
  /** Whatever was told that must not be told. */
  readonly faults: string[] = [];
  generation = 0;
  by: object | undefined;
  onReset: () => void = () => undefined;
  /** A host lets them in. */
  onAdmitted: () => void = () => undefined;
  /** The last revision of all. */
  revision: number | undefined;
  peerId: PeerId | undefined;

  /** A new socket; what an old one says no longer counts. */
  connected(by: object): void {
    this.by = by;
    this.generation = 0;
  }

  welcomed(welcome: JoinResult): void {
    this.peerId = welcome.peerId;
    this.generation = Math.max(this.generation, welcome.generation);
    this.peers.clear();
    for (const peer of welcome.peers) this.peers.set(peer.peerId, peer);
    const held = new Set(welcome.media.consumers);
    for (const id of this.tracks.keys()) if (!held.has(id)) this.tracks.delete(id);
    for (const caption of welcome.captions) this.#line(caption);
  }

  told({ event, data, stamp }: Told): void {
    if (stamp.generation < this.generation) return;
    this.generation = stamp.generation;
    if (event === 'newPeer' || event === 'peerUpdated') this.#person(event, data);
    if (event === 'peerClosed' && isAbout<{ peerId: PeerId }>(data, 'peerId')) {
      if (!this.peers.delete(data.peerId))
        this.faults.push(`${data.peerId} left without being here`);
    }
    if (event === 'newConsumer' && isAbout<NewConsumer>(data, 'consumerId')) {
      this.tracks.set(data.consumerId, data);
    }
    if (event === 'consumerClosed' && isAbout<NewConsumer>(data, 'consumerId')) {
      this.tracks.delete(data.consumerId);
    }
    if (event === 'lobby:admitted') this.onAdmitted();
    if (event === 'mediaReset') {
      this.tracks.clear();
      this.onReset();
    }
    if (event === 'caption' && isAbout<CaptionEvent>(data, 'sequence')) {
      if (data.revision <= (this.revision ?? -1))
        this.faults.push(`caption ${data.revision} again`);
      this.#line(data);
    }
  }

  /** What is received: `peer` for an original, `peer>language` for a translation, `peer:camera`. */
  get hears(): readonly string[] {
    return [...this.tracks.values()]
      .map(({ peerId, track }) => {
        if (track.type === 'original') return peerId;
        return track.type === 'translation'
          ? `${peerId}>${track.language}`
          : `${peerId}:${track.type}`;
      })
      .sort();
  }

  #person(event: string, data: unknown): void {
    if (!isAbout<PeerInfo>(data, 'peerId')) return;
    const known = this.peers.has(data.peerId);
    if (event === 'newPeer' && known) this.faults.push(`${data.peerId} came twice`);
    if (event === 'peerUpdated' && !known) this.faults.push(`${data.peerId} changed, unknown`);
    this.peers.set(data.peerId, data);
  }

  #line({ sequence, revision }: CaptionEvent): void {
    if (revision < (this.lines.get(sequence) ?? 0)) this.faults.push(`line ${sequence} went back`);
    this.lines.set(sequence, revision);
    this.revision = Math.max(this.revision ?? 0, revision);
  }
}

/** What comes with an event is typed where it is sent; here its key is looked at. */
function isAbout<T>(data: unknown, key: keyof T & string): data is T {
  return typeof data === 'object' && data !== null && key in data;
}
