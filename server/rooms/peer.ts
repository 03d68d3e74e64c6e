import type { VoiceChoice } from '../../media/messages.ts';
import type { NewConsumer, PeerInfo, Stamp } from '../protocol/events.ts';
import type { ConsumerId, HearChoice, LanguageTag, PeerId, Role } from '../protocol/ids.ts';
import type { HeldMedia, RequestData } from '../protocol/requests.ts';
import type { RtpCapabilities, RtpParameters } from '../protocol/rtp.ts';
import { isPicture } from '../protocol/sources.ts';
import type { Source } from '../protocol/sources.ts';
import type { SfuConsumer, SfuProducer, SfuTransport } from '../sfu/ports.ts';
import type { DemandPeer } from './demand.ts';
import { Detection } from './detection.ts';
import { Line } from './line.ts';
import { Network } from './network.ts';

export type Direction = 'send' | 'recv';

/** A track a peer sends. */
export interface Published {
  readonly producer: SfuProducer;
  readonly source: Source;
  /** As the browser asked for it, so that a repeated request is known. */
  readonly rtpParameters: RtpParameters;
  paused: boolean;
}

/** A track a peer receives. */
export interface Received {
  readonly consumer: SfuConsumer;
  readonly offer: NewConsumer;
  /** Paused by the listener, so it must not be resumed when the browser becomes ready. */
  held: boolean;
  /** The browser has said that it can receive. */
  ready: boolean;
}

export interface PeerOptions extends Choices {
  readonly id: PeerId;
  readonly role: Role;
  readonly colour: number;
  readonly voice: VoiceChoice;
  /** Nobody is translated before they agree. */
  readonly consentRequired: boolean;
  readonly stamp: () => Stamp;
}

/** What a person says of themselves when they join. */
export type Choices = Omit<RequestData<'join'>, 'captionsAfter' | 'keepWords' | 'voice'>;

/** One participant of a room: who they are, what they chose, and the media they hold open. */
export class Peer {
  readonly id: PeerId;
  readonly colour: number;
  readonly line: Line;
  role: Role;
  displayName: string;
  rtpCapabilities: RtpCapabilities;
  speak: LanguageTag;
  hear: HearChoice;
  hearOwn: boolean;
  readonly detection = new Detection();
  /** What speaks for them in other languages. */
  voice: VoiceChoice;
  /** Whether the machine may hear what they say. */
  consents: boolean;
  /** Those they hear as they are, whatever `hear` is. */
  originals: ReadonlySet<PeerId> = new Set();
  /** Quieter sound (dBFS) is none of their speech; `null`: nothing is too quiet. */
  gateDb: number | null = null;
  readonly network = new Network();
  /** A host has muted them, and they have not unmuted themselves since. */
  mutedByHost = false;
  /** While their hand is raised: whose turn comes when. */
  hand: number | undefined;
  readonly transports = new Map<Direction, SfuTransport>();
  readonly published = new Map<Source, Published>();
  readonly received = new Map<ConsumerId, Received>();
  #closed = false;

  constructor(options: PeerOptions) {
    this.id = options.id;
    this.role = options.role;
    this.colour = options.colour;
    this.line = new Line(options.stamp);
    this.displayName = options.displayName;
    this.rtpCapabilities = options.rtpCapabilities;
    this.speak = options.speak;
    this.hear = options.hear;
    this.hearOwn = options.hearOwn;
    this.detection.allow(options.detect);
    this.voice = options.voice;
    this.consents = options.consent ?? !options.consentRequired;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** As everyone in the room sees them. */
  get info(): PeerInfo {
    const microphone = this.published.get('microphone');
    return {
      peerId: this.id,
      displayName: this.displayName,
      role: this.role,
      speak: this.speak,
      hear: this.hear,
      microphone: microphone ? (microphone.paused ? 'muted' : 'live') : 'none',
      connection: this.line.open ? 'here' : 'reconnecting',
      colour: this.colour,
      ...(!this.consents && { untranslated: true }),
      ...(this.published.has('tab') && { sharesSound: true }),
      ...(this.published.has('camera') && { camera: true }),
      ...(this.published.has('screen') && { screen: true }),
      ...(this.network.trouble && { network: this.network.trouble }),
      ...(this.hand !== undefined && { hand: this.hand }),
    };
  }

  /** What they send to be heard; nothing else reaches the machine. */
  get sounds(): readonly Published[] {
    return [...this.published.values()].filter(({ source }) => !isPicture(source));
  }

  /** What of their media is still there when they come back. */
  get media(): HeldMedia {
    return {
      transports: [...this.transports.values()].map(({ id }) => id),
      producers: [...this.published.values()].map(({ producer }) => producer.id),
      consumers: [...this.received.keys()],
    };
  }

  /** Takes over what they say of themselves now. */
  choose(choices: Choices): void {
    this.displayName = choices.displayName;
    this.rtpCapabilities = choices.rtpCapabilities;
    this.speak = choices.speak;
    this.hear = choices.hear;
    this.hearOwn = choices.hearOwn;
    this.detection.allow(choices.detect);
    this.consents = choices.consent ?? this.consents;
  }

  get needs(): DemandPeer {
    return {
      peerId: this.id,
      speak: this.speak,
      hear: this.hear,
      hearOwn: this.hearOwn,
      originals: this.originals,
      untranslated: !this.consents,
      publishes: this.sounds.length > 0,
      shows: this.published.size > this.sounds.length,
      receives: this.transports.has('recv'),
    };
  }

  /** Puts a transport in its place; one that was there goes, with all that went over it. */
  setTransport(direction: Direction, transport: SfuTransport): void {
    this.closeTransport(direction);
    this.transports.set(direction, transport);
  }

  closeTransport(direction: Direction): void {
    this.transports.get(direction)?.close();
    this.transports.delete(direction);
    if (direction === 'send') {
      for (const source of [...this.published.keys()]) this.unpublish(source);
    } else {
      for (const consumerId of [...this.received.keys()]) this.stopReceiving(consumerId);
    }
  }

  unpublish(source: Source): void {
    const published = this.published.get(source);
    if (!published) return;
    published.producer.close();
    this.published.delete(source);
    this.network.forget(published.producer.id);
  }

  /** Ends a track they receive and tells their page, unless they have left. */
  stopReceiving(consumerId: ConsumerId): void {
    this.received.get(consumerId)?.consumer.close();
    this.received.delete(consumerId);
    this.network.forget(consumerId);
    if (!this.#closed) this.line.tell('consumerClosed', { consumerId });
  }

  /** Lets go of everything made on a router; the peer stays. */
  resetMedia(): void {
    this.closeTransport('send');
    this.closeTransport('recv');
  }

  close(): void {
    this.#closed = true;
    this.resetMedia();
  }
}
