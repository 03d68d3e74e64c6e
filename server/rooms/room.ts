import { AwaitQueue, AwaitQueueStoppedError } from 'awaitqueue';
import { RequestError } from '../errors.ts';
import { roomTag } from '../log.ts';
import type { Logger } from '../log.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { PeerId, RoomId } from '../protocol/ids.ts';
import type { RequestData } from '../protocol/requests.ts';
import type { CallStats } from '../protocol/stats.ts';
import type { Sfu, SfuRouter } from '../sfu/ports.ts';
import { Attendance } from './attendance.ts';
import type { Entrant } from './attendance.ts';
import { CallMedia } from './call-media.ts';
import type { Scene } from './call-media.ts';
import { CaptionLog } from './captions.ts';
import type { CaptionLine } from './captions.ts';
import { demand } from './demand.ts';
import { offerAgain } from './distribution.ts';
import type { MediaPlace } from './media-places.ts';
import { Minutes } from './minutes.ts';
import type { TranscriptSink } from './minutes.ts';
import { Interpreting } from './interpreting.ts';
import type { SpeakerJob } from './interpreted-speaker.ts';
import { News } from './news.ts';
import { Participation } from './participation.ts';
import type { Surroundings, Welcome } from './participation.ts';
import type { Peer } from './peer.ts';
import type { Outbox, SpeakerListener, SpeechMedia } from './ports.ts';
import { callStats } from './stats.ts';
import { TranslationStates } from './translation-states.ts';

export interface RoomOptions {
  readonly id: RoomId;
  readonly sfu: Sfu;
  readonly place: MediaPlace;
  readonly maxPeers: number;
  readonly maxTracksPerPeer: number;
  readonly captionReplay: number;
  /** Milliseconds since 1970; see CaptionLog. */
  readonly openedAt: number;
  /** Undefined: nothing is kept in writing. */
  readonly transcripts?: TranscriptSink | undefined;
  /** How long the place of someone whose connection is lost is kept. */
  readonly graceMs: number;
  readonly iceServers: (peerId: PeerId) => readonly IceServer[];
  /** The last person has left. */
  readonly onEmpty: () => void;
  readonly log: Logger;
}

export interface Joined {
  readonly participation: Participation;
  readonly result: Welcome;
}

/**
 * One meeting: who is here and who hears what. Whatever changes, the room computes what should be
 * (`demand`) and makes it so, one reconciliation at a time.
 */
export class Room {
  readonly id: RoomId;
  readonly #options: RoomOptions;
  readonly #attendance: Attendance;
  readonly #captions: CaptionLog;
  readonly #states = new TranslationStates();
  readonly #news: News;
  readonly #minutes: Minutes;
  readonly #interpreting: Interpreting;
  readonly #media: CallMedia;
  readonly #queue = new AwaitQueue();
  #reconciling = false;
  #closed = false;
  #generation = 1;
  #endsAt: number | undefined;

  constructor(options: RoomOptions) {
    this.id = options.id;
    this.#options = options;
    this.#minutes = new Minutes(options.id, options.transcripts);
    this.#captions = new CaptionLog(options.captionReplay, options.openedAt);
    const { sfu, place, maxPeers, graceMs, log } = options;
    this.#attendance = new Attendance({
      ...{ maxPeers, graceMs },
      stamp: () => ({ generation: this.#generation }),
      onGone: (peer) => {
        this.#leave(peer);
      },
    });
    this.#news = new News({
      attendance: this.#attendance,
      captions: this.#captions,
      states: this.#states,
      media: () => place.media,
    });
    this.#interpreting = new Interpreting({
      listen: (job) => this.#listenerOf(job),
      onEnded: (speaker, gap) => {
        this.#states.forgetSpeaker(speaker.peerId);
        this.#tell(this.#captions.finish(speaker.key, gap));
      },
      log,
    });
    this.#media = new CallMedia({
      sfu,
      media: () => place.media,
      maxTracks: options.maxTracksPerPeer,
      log,
      interpreting: this.#interpreting,
      events: {
        onLost: () => {
          this.#resetMedia();
        },
        onLevels: (levels) => {
          this.#news.levels(levels);
        },
      },
    });
  }

  get size(): number {
    return this.#attendance.size;
  }

  get full(): boolean {
    return this.#attendance.full;
  }

  /** Whether a place is taken for this person, here or reconnecting. */
  has(peerId: PeerId): boolean {
    return this.#attendance.find(peerId) !== undefined;
  }

  /**
   * Lets someone in, or back to the place that is kept for them. Throws a RequestError 'roomFull',
   * 'mediaFull' or 'serverFull'.
   */
  join(entrant: Entrant, request: RequestData<'join'>, outbox: Outbox): Joined {
    if (this.#closed) throw new RequestError('roomNotFound', 'this meeting has ended');
    const present = this.#attendance.find(entrant.peerId);
    const peer = present ?? this.#admit(entrant, request);
    peer.line.attach(outbox);
    this.#minutes.note(peer.id, request.keepWords);
    const { captionsAfter } = request;
    if (present) this.#welcomeBack(present, request);
    else this.#news.tell('newPeer', peer.info, peer);
    const result = this.#welcome(peer, present && captionsAfter);
    if (present) offerAgain(present, this.#options.log);
    this.#changed();
    return { participation: new Participation(peer, this.#surroundings(), outbox), result };
  }

  #admit(entrant: Entrant, request: RequestData<'join'>): Peer {
    this.#attendance.requirePlace();
    this.#options.place.enter();
    const peer = this.#attendance.admit(entrant, request);
    this.#options.log.info({ room: roomTag(this.id), peers: this.size }, 'joined');
    return peer;
  }

  #welcomeBack(peer: Peer, request: RequestData<'join'>): void {
    this.#attendance.back(peer);
    peer.choose(request);
    this.#news.tell('peerUpdated', peer.info, peer);
    this.#options.log.info({ room: roomTag(this.id) }, 'came back');
  }

  #surroundings(): Surroundings {
    return {
      router: (who) => this.#router(who),
      announce: (who) => {
        // What ends after they have left is no news of them.
        if (!who.closed) this.#news.tell('peerUpdated', who.info);
      },
      changed: () => {
        this.#changed();
      },
      trackPaused: (producerId, paused) => {
        this.#news.paused(producerId, paused);
      },
      stats: () => this.#stats(),
      iceServers: (who) => this.#options.iceServers(who.id),
      welcome: (who) => this.#welcome(who),
      lost: (who, outbox, silentMs) => {
        this.#lost(who, outbox, silentMs);
      },
      leave: (who) => {
        this.#leave(who);
      },
    };
  }

  /** The engine of a media process started, failed or learned something. */
  engineChanged(media: SpeechMedia): void {
    if (this.#options.place.media !== media) return;
    this.#news.engine(media.engine);
    this.#changed();
  }

  /** The transcript began, failed or was deleted. */
  transcriptChanged(): void {
    this.#news.tell('transcript:state', { state: this.#minutes.state });
  }

  /** A media process came or went. */
  mediaChanged(media: SpeechMedia): void {
    if (this.#options.place.media !== media) return;
    this.#media.dropDeadLink();
    this.#changed();
  }

  /** The server waits for its meetings to end, until then (ms since 1970). */
  drain(endsAt: number): void {
    this.#endsAt = endsAt;
    this.#news.tell('draining', { endsAt });
  }

  /** Everyone is told why and let go. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#news.tell('closing', { reason: 'serverStopping' });
    for (const peer of this.#attendance.all) {
      this.#attendance.remove(peer);
      this.#options.place.leave();
    }
    this.#queue.stop();
    this.#media.end();
  }

  #welcome(peer: Peer, captionsAfter?: number): Welcome {
    return {
      peerId: peer.id,
      role: peer.role,
      generation: this.#generation,
      media: peer.media,
      ...this.#news.overview(peer, captionsAfter),
      ...(this.#endsAt !== undefined && { endsAt: this.#endsAt }),
      transcript: this.#minutes.state,
    };
  }

  /** Others see them as reconnecting, until they are back or the time is over. */
  #lost(peer: Peer, outbox: Outbox, silentMs: number): void {
    if (!peer.line.detach(outbox) || this.#attendance.find(peer.id) !== peer) return;
    this.#attendance.away(peer, silentMs);
    this.#news.tell('peerUpdated', peer.info);
  }

  #leave(peer: Peer): void {
    if (!this.#attendance.remove(peer)) return;
    this.#options.place.leave();
    this.#states.forgetListener(peer.id);
    this.#news.tell('peerClosed', { peerId: peer.id });
    this.#options.log.info({ room: roomTag(this.id), peers: this.size }, 'left');
    this.#changed();
    if (this.size === 0) this.#options.onEmpty();
  }

  /** Asks for one more reconciliation; several requests before it starts are one. */
  #changed(): void {
    this.#news.states();
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

  async #router(peer: Peer): Promise<SfuRouter> {
    const left = () => new RequestError('notJoined', 'the call was left meanwhile');
    try {
      return await this.#queue.push(() => {
        if (peer.closed) throw left();
        return this.#media.router();
      });
    } catch (error) {
      throw error instanceof AwaitQueueStoppedError ? left() : error;
    }
  }

  #scene(): Scene {
    const peers = this.#attendance.all;
    const needs = peers.map((peer) => peer.needs);
    return { peers, demand: demand(needs, this.#options.place.media.engine) };
  }

  async #stats(): Promise<CallStats> {
    const speakers = this.#interpreting.speakers;
    return callStats(await this.#options.place.media.stats([...speakers.keys()]), speakers);
  }

  /** The router died under the call: everyone builds their media anew. */
  #resetMedia(): void {
    this.#generation += 1;
    const peers = this.#attendance.all;
    for (const peer of peers) peer.resetMedia();
    for (const { info } of peers) this.#news.tell('peerUpdated', info);
    this.#news.tell('mediaReset', {});
    this.#changed();
  }

  #tell(lines: readonly CaptionLine[]): void {
    this.#news.captions(lines);
    this.#minutes.take(lines);
  }

  #listenerOf({ peerId }: SpeakerJob): SpeakerListener {
    const peer = this.#attendance.find(peerId);
    const speaker = { peerId, displayName: peer?.displayName ?? '', colour: peer?.colour ?? 0 };
    return {
      onCaption: (caption) => {
        this.#tell([this.#captions.push(speaker, caption)]);
      },
      onProgress: (progress) => {
        this.#states.record(peerId, progress);
        this.#news.states();
      },
    };
  }
}
