import { AwaitQueue, AwaitQueueStoppedError } from 'awaitqueue';
import { nanoid } from 'nanoid';
import { RequestError } from '../errors.ts';
import { roomTag } from '../log.ts';
import type { Logger } from '../log.ts';
import type { ServerToClientEvents } from '../protocol/events.ts';
import { PeerId } from '../protocol/ids.ts';
import type { ProducerId, RoomId } from '../protocol/ids.ts';
import type { JoinResult, RequestData } from '../protocol/requests.ts';
import type { CallStats } from '../protocol/stats.ts';
import type { Sfu, SfuRouter, SpeakerLevel } from '../sfu/ports.ts';
import { CallMedia } from './call-media.ts';
import type { Scene } from './call-media.ts';
import { captionFor, CaptionLog } from './captions.ts';
import type { CaptionLine } from './captions.ts';
import { demand } from './demand.ts';
import type { MediaPlace } from './media-places.ts';
import { Interpreting } from './interpreting.ts';
import type { SpeakerJob } from './interpreted-speaker.ts';
import { Participation } from './participation.ts';
import { Peer } from './peer.ts';
import type { Outbox, SpeakerListener, SpeechMedia } from './ports.ts';
import { callStats } from './stats.ts';
import { TranslationStates } from './translation-states.ts';

export interface RoomOptions {
  readonly id: RoomId;
  readonly sfu: Sfu;
  readonly place: MediaPlace;
  readonly maxPeers: number;
  readonly captionReplay: number;
  /** The last person has left. */
  readonly onEmpty: () => void;
  readonly log: Logger;
}

export interface Joined {
  readonly participation: Participation;
  readonly result: JoinResult;
}

/**
 * One meeting: who is here and who hears what. Whatever changes, the room computes what should be
 * (`demand`) and makes it so, one reconciliation at a time.
 */
export class Room {
  readonly id: RoomId;
  readonly #options: RoomOptions;
  readonly #peers = new Map<PeerId, Peer>();
  readonly #captions: CaptionLog;
  readonly #states = new TranslationStates();
  readonly #interpreting: Interpreting;
  readonly #media: CallMedia;
  readonly #queue = new AwaitQueue();
  #reconciling = false;
  #closed = false;

  constructor(options: RoomOptions) {
    this.id = options.id;
    this.#options = options;
    this.#captions = new CaptionLog(options.captionReplay);
    const { sfu, place, log } = options;
    this.#interpreting = new Interpreting({
      listen: (job) => this.#listenerOf(job),
      onEnded: (speaker, gap) => {
        this.#states.forgetSpeaker(speaker.peerId);
        this.#showAll(this.#captions.finish(speaker.key, gap));
      },
      log,
    });
    this.#media = new CallMedia({
      sfu,
      media: () => place.media,
      log,
      interpreting: this.#interpreting,
      events: {
        onLost: () => {
          this.#resetMedia();
        },
        onLevels: (levels) => {
          this.#showLevels(levels);
        },
      },
    });
  }

  get size(): number {
    return this.#peers.size;
  }

  get full(): boolean {
    return this.#peers.size >= this.#options.maxPeers;
  }

  /** Throws a RequestError 'roomFull', 'mediaFull' or 'serverFull'. */
  join(request: RequestData<'join'>, outbox: Outbox): Joined {
    if (this.#closed) throw new RequestError('roomNotFound', 'this meeting has ended');
    if (this.full) throw new RequestError('roomFull', 'this meeting is full');
    this.#options.place.enter();
    const { displayName, speak, hear, hearOwn, rtpCapabilities } = request;
    const peer = new Peer({
      id: PeerId.parse(nanoid()),
      colour: this.#freeColour(),
      ...{ displayName, speak, hear, hearOwn, rtpCapabilities, outbox },
    });
    this.#broadcast('newPeer', peer.info);
    this.#peers.set(peer.id, peer);
    this.#options.log.info({ room: roomTag(this.id), peers: this.size }, 'joined');
    const result = this.#welcome(peer);
    this.#changed();
    const participation = new Participation(peer, {
      router: () => this.#router(),
      announce: (who) => {
        this.#broadcast('peerUpdated', who.info);
      },
      changed: () => {
        this.#changed();
      },
      trackPaused: (producerId, paused) => {
        this.#tellPaused(producerId, paused);
      },
      stats: () => this.#stats(),
      leave: (who) => {
        this.#leave(who);
      },
    });
    return { participation, result };
  }

  /** The engine of a media process started, failed or learned something. */
  engineChanged(media: SpeechMedia): void {
    if (this.#options.place.media !== media) return;
    this.#broadcast('translation:engine', media.engine);
    this.#changed();
  }

  /** A media process came or went. */
  mediaChanged(media: SpeechMedia): void {
    if (this.#options.place.media !== media) return;
    this.#media.dropDeadLink();
    this.#changed();
  }

  /** Everyone is told why and let go. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#broadcast('closing', { reason: 'serverStopping' });
    for (const peer of this.#peers.values()) {
      peer.close();
      this.#options.place.leave();
    }
    this.#peers.clear();
    this.#queue.stop();
    this.#media.close();
  }

  #welcome(peer: Peer): JoinResult {
    return {
      peerId: peer.id,
      peers: [...this.#peers.values()].map(({ info }) => info),
      captions: this.#captions.replay({ ...peer.needs, peerId: peer.id }),
      states: this.#states.tellAll(peer.needs, this.#needs(), this.#engineView()),
      engine: this.#options.place.media.engine,
    };
  }

  #leave(peer: Peer): void {
    if (!this.#peers.delete(peer.id)) return;
    peer.close();
    this.#options.place.leave();
    this.#states.forgetListener(peer.id);
    this.#broadcast('peerClosed', { peerId: peer.id });
    this.#options.log.info({ room: roomTag(this.id), peers: this.size }, 'left');
    this.#changed();
    if (this.size === 0) this.#options.onEmpty();
  }

  /** Asks for one more reconciliation; several requests before it starts are one. */
  #changed(): void {
    this.#tellStates();
    if (this.#reconciling || this.#closed) return;
    this.#reconciling = true;
    this.#queue
      .push(async () => {
        this.#reconciling = false;
        await this.#media.reconcile(() => this.#scene());
      })
      .catch((error: unknown) => {
        if (error instanceof AwaitQueueStoppedError) return;
        this.#options.log.error(
          { err: error, room: roomTag(this.id) },
          'a room could not be arranged',
        );
      });
  }

  async #router(): Promise<SfuRouter> {
    return this.#queue.push(() => {
      if (this.#closed) throw new RequestError('notJoined', 'this meeting has ended');
      return this.#media.router();
    });
  }

  #scene(): Scene {
    const peers = [...this.#peers.values()];
    return { peers, demand: demand(this.#needs(), this.#options.place.media.engine) };
  }

  async #stats(): Promise<CallStats> {
    const speakers = this.#interpreting.speakers;
    return callStats(await this.#options.place.media.stats([...speakers.keys()]), speakers);
  }

  /** The router died under the call: everyone builds their media anew. */
  #resetMedia(): void {
    for (const peer of this.#peers.values()) peer.resetMedia();
    for (const { info } of [...this.#peers.values()]) this.#broadcast('peerUpdated', info);
    this.#broadcast('mediaReset');
    this.#changed();
  }

  #listenerOf({ peerId }: SpeakerJob): SpeakerListener {
    const peer = this.#peers.get(peerId);
    const speaker = { peerId, displayName: peer?.displayName ?? '', colour: peer?.colour ?? 0 };
    return {
      onCaption: (caption) => {
        this.#showAll([this.#captions.push(speaker, caption)]);
      },
      onProgress: (progress) => {
        this.#states.record(peerId, progress);
        this.#tellStates();
      },
    };
  }

  #showAll(lines: readonly CaptionLine[]): void {
    for (const peer of this.#peers.values()) {
      for (const line of lines) {
        peer.outbox.emit('caption', captionFor(line, { ...peer.needs, peerId: peer.id }));
      }
    }
  }

  #tellStates(): void {
    const needs = this.#needs();
    for (const peer of this.#peers.values()) {
      const states = this.#states.tellChanges(peer.needs, needs, this.#engineView());
      for (const state of states) peer.outbox.emit('translation:state', state);
    }
  }

  #tellPaused(producerId: ProducerId, paused: boolean): void {
    for (const { received, outbox } of this.#peers.values()) {
      for (const [consumerId, track] of received) {
        if (track.producerId !== producerId) continue;
        outbox.emit(paused ? 'consumerPaused' : 'consumerResumed', { consumerId });
      }
    }
  }

  #showLevels(levels: readonly SpeakerLevel[]): void {
    const speakers = [...this.#peers.values()].flatMap(({ id, published }) => {
      const own = new Set([...published.values()].map(({ producer }) => producer.id));
      const heard = levels.filter(({ producerId }) => own.has(producerId));
      if (heard.length === 0) return [];
      return [{ peerId: id, level: Math.max(...heard.map(({ level }) => level)) }];
    });
    this.#broadcast('activeSpeakers', speakers);
  }

  #broadcast<E extends Exclude<keyof ServerToClientEvents, 'newConsumer'>>(
    event: E,
    ...args: Parameters<ServerToClientEvents[E]>
  ): void {
    for (const { outbox } of this.#peers.values()) outbox.emit(event, ...args);
  }

  #needs() {
    return [...this.#peers.values()].map((peer) => peer.needs);
  }

  #engineView() {
    const { engine, ports } = this.#options.place.media;
    const working = engine.state === 'ready' && ports !== undefined;
    return { ability: engine, working };
  }

  /** The lowest number nobody here has. */
  #freeColour(): number {
    const taken = new Set([...this.#peers.values()].map(({ colour }) => colour));
    let colour = 0;
    while (taken.has(colour)) colour += 1;
    return colour;
  }
}
