import { isDeepStrictEqual } from 'node:util';
import { RequestError } from '../errors.ts';
import type {
  ConsumerId,
  PeerId,
  ProducerId,
  TransportId,
  VoicePreference,
} from '../protocol/ids.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { IceRestart, JoinResult, RequestData, TransportInfo } from '../protocol/requests.ts';
import type { DtlsParameters } from '../protocol/rtp.ts';
import type { CallStats } from '../protocol/stats.ts';
import type { SfuRouter, SfuTransport } from '../sfu/ports.ts';
import type { CaptionLine } from './captions.ts';
import { Expression } from './expression.ts';
import type { ExpressiveRoom } from './expression.ts';
import type { Hosting } from './hosting.ts';
import type { Direction, Peer, Published, Received } from './peer.ts';
import type { Outbox } from './ports.ts';

/** The answer to a join, but for the token to come back with. */
export type Welcome = Omit<JoinResult, 'session'>;

/** What one participant's requests need of their room. */
export interface Surroundings extends ExpressiveRoom {
  /** The room's router, made anew when the last one was lost, for someone who is still here. */
  router(peer: Peer): Promise<SfuRouter>;
  /** Gives them a voice of this kind, unless theirs is one. */
  revoice(peer: Peer, preference?: VoicePreference): void;
  /** The peer looks different to the others. */
  announce(peer: Peer): void;
  /** Something that decides who hears what has changed. */
  changed(): void;
  /** A peer's own track was muted or unmuted. */
  trackPaused(producerId: ProducerId, paused: boolean): void;
  /** A peer's screen takes the place of the one shared before. */
  screenShared(peer: Peer): void;
  stats(): Promise<CallStats>;
  /** Finished lines this person may read, oldest first. */
  record(peer: Peer): readonly CaptionLine[];
  /** Relays this person may use for the next minutes. */
  iceServers(peer: Peer): readonly IceServer[];
  /** The state of the room as this person may know it. */
  welcome(peer: Peer): Welcome;
  /** The connection to the peer's page is lost; nothing was heard for so long before. */
  lost(peer: Peer, outbox: Outbox, silentMs: number): void;
  leave(peer: Peer): void;
  /** What this person may do as a host. */
  hosting(peer: Peer): Hosting;
}

/**
 * A person's place in a room: everything they may ask of it. Transports, producers and consumers
 * are looked up among their own, so an id of somebody else's is simply not found.
 */
export class Participation {
  readonly #peer: Peer;
  readonly #room: Surroundings;
  readonly #outbox: Outbox;

  constructor(peer: Peer, room: Surroundings, outbox: Outbox) {
    this.#peer = peer;
    this.#room = room;
    this.#outbox = outbox;
    peer.network.onChange = () => {
      room.announce(peer);
    };
  }

  get peerId(): PeerId {
    return this.#peer.id;
  }

  /** Answers a repeated join. */
  welcome(): Welcome {
    if (this.#peer.closed) throw left();
    return this.#room.welcome(this.#peer);
  }

  /** Throws a RequestError 'forbidden' unless they are host now. */
  get hosting(): Hosting {
    if (this.#peer.closed) throw left();
    if (this.#peer.role !== 'host') throw new RequestError('forbidden', 'only a host may do this');
    return this.#room.hosting(this.#peer);
  }

  /** What they say and show without speaking. Throws a RequestError 'notJoined' after leaving. */
  get expression(): Expression {
    if (this.#peer.closed) throw left();
    return new Expression(this.#peer, this.#room);
  }

  async createTransport(direction: Direction): Promise<TransportInfo> {
    const peer = this.#peer;
    const router = await this.#room.router(peer);
    const transport = await router.createWebRtcTransport(() => {
      if (peer.transports.get(direction)?.id === transport.id) this.#transportClosed(direction);
    });
    if (peer.closed) {
      transport.close();
      throw left();
    }
    const silenced = direction === 'send' && peer.published.size > 0;
    peer.setTransport(direction, transport);
    if (silenced) this.#room.announce(peer);
    this.#room.changed();
    return { ...transport.info, iceServers: this.#room.iceServers(peer) };
  }

  /** A repeated request, whose first answer was lost, changes nothing. */
  async connectTransport(id: TransportId, dtlsParameters: DtlsParameters): Promise<void> {
    await this.#transport(id).connect(dtlsParameters);
  }

  async restartIce(id: TransportId): Promise<IceRestart> {
    const iceParameters = await this.#transport(id).restartIce();
    return { iceParameters, iceServers: this.#room.iceServers(this.#peer) };
  }

  /**
   * A second track of the same source replaces the first. A repeated request, whose first answer
   * was lost, gives the first answer.
   */
  async produce(request: RequestData<'produce'>): Promise<ProducerId> {
    const { transportId, kind, source, rtpParameters, paused = false } = request;
    const transport = this.#peer.transports.get('send');
    if (transport?.id !== transportId) throw notFound('sending transport', transportId);
    const before = this.#peer.published.get(source);
    if (before && isDeepStrictEqual(before.rtpParameters, rtpParameters)) return before.producer.id;
    const { network, published } = this.#peer;
    const producer = await transport.produce({
      ...{ kind, rtpParameters, paused },
      onScore: (score) => {
        const now = published.get(source);
        // A browser leaves out layers of a picture as it likes.
        if (kind === 'video') return;
        if (now?.producer === producer && !now.paused) network.score(producer.id, score);
      },
    });
    if (this.#peer.transports.get('send') !== transport) {
      producer.close();
      throw left();
    }
    this.#peer.unpublish(source);
    this.#peer.published.set(source, { producer, source, rtpParameters, paused });
    if (source === 'screen') this.#room.screenShared(this.#peer);
    this.#published();
    return producer.id;
  }

  closeProducer(id: ProducerId): void {
    this.#peer.unpublish(this.#producer(id).source);
    this.#published();
  }

  async setProducerPaused(id: ProducerId, paused: boolean): Promise<void> {
    const published = this.#producer(id);
    await (paused ? published.producer.pause() : published.producer.resume());
    if (!paused && published.source === 'microphone') this.#peer.mutedByHost = false;
    if (published.paused === paused) return;
    published.paused = paused;
    if (paused) this.#peer.network.forget(id);
    this.#room.trackPaused(id, paused);
    this.#published();
  }

  async setConsumerPaused(id: ConsumerId, paused: boolean): Promise<void> {
    const received = this.#consumer(id);
    received.held = paused;
    if (!received.ready) return;
    await (paused ? received.consumer.pause() : received.consumer.resume());
  }

  async preferLayer(id: ConsumerId, spatial: number): Promise<void> {
    await this.#consumer(id).consumer.preferLayer(spatial);
  }

  setLanguages(choice: RequestData<'translation:setLanguages'>): void {
    const { speak, hear, hearOwn, detect, voice, consent } = choice;
    const peer = this.#peer;
    const before = peer.hear;
    if (detect !== undefined) peer.detection.allow(detect);
    else if (speak !== undefined) peer.detection.settle();
    if (speak !== undefined) peer.speak = speak;
    if (hear !== undefined) peer.hear = hear;
    if (hearOwn !== undefined) peer.hearOwn = hearOwn;
    if (consent !== undefined) peer.consents = consent;
    this.#room.revoice(peer, voice);
    if (hear !== undefined && hear !== before) this.#room.chat.reread(peer);
    this.#published();
  }

  /** From now on these are heard as they are; all others as `hear` says. */
  setOriginals(of: readonly PeerId[]): void {
    this.#peer.originals = new Set(of);
    this.#room.changed();
  }

  setGate(gateDb: number | null): void {
    this.#peer.gateDb = gateDb;
    this.#room.changed();
  }

  /** Rejects with a RequestError 'unavailable' while the media process is down or busy. */
  async stats(): Promise<CallStats> {
    return this.#room.stats();
  }

  /** Finished lines this person may read, oldest first. */
  record(): readonly CaptionLine[] {
    return this.#room.record(this.#peer);
  }

  /**
   * The connection this place was taken through is gone; the place is kept for a while, counted from
   * the last sign of life.
   */
  lost(silentMs: number): void {
    this.#room.lost(this.#peer, this.#outbox, silentMs);
  }

  leave(): void {
    this.#room.leave(this.#peer);
  }

  #published(): void {
    this.#room.announce(this.#peer);
    this.#room.changed();
  }

  #transportClosed(direction: Direction): void {
    this.#peer.closeTransport(direction);
    this.#published();
  }

  #transport(id: TransportId): SfuTransport {
    for (const transport of this.#peer.transports.values()) {
      if (transport.id === id) return transport;
    }
    throw notFound('transport', id);
  }

  #producer(id: ProducerId): Published {
    for (const published of this.#peer.published.values()) {
      if (published.producer.id === id) return published;
    }
    throw notFound('producer', id);
  }

  #consumer(id: ConsumerId): Received {
    const received = this.#peer.received.get(id);
    if (!received) throw notFound('consumer', id);
    return received;
  }
}

function notFound(what: string, id: string): RequestError {
  return new RequestError('notFound', `you have no ${what} ${id}`);
}

function left(): RequestError {
  return new RequestError('notJoined', 'the call was left meanwhile');
}
