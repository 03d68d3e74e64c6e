import type { PeerInfo } from '../protocol/events.ts';
import type { ConsumerId, HearChoice, LanguageTag, PeerId, ProducerId } from '../protocol/ids.ts';
import type { RtpCapabilities } from '../protocol/rtp.ts';
import type { SfuConsumer, SfuProducer, SfuTransport } from '../sfu/ports.ts';
import type { DemandPeer } from './demand.ts';
import type { Outbox } from './ports.ts';

export type Direction = 'send' | 'recv';
export type Source = 'microphone' | 'tab';

/** A track a peer sends. */
export interface Published {
  readonly producer: SfuProducer;
  readonly source: Source;
  paused: boolean;
}

/** A track a peer receives. */
export interface Received {
  readonly consumer: SfuConsumer;
  readonly producerId: ProducerId;
  /** Paused by the listener, so it must not be resumed when the browser becomes ready. */
  held: boolean;
  /** The browser has said that it can receive. */
  ready: boolean;
}

export interface PeerOptions {
  readonly id: PeerId;
  readonly displayName: string;
  readonly colour: number;
  readonly speak: LanguageTag;
  readonly hear: HearChoice;
  readonly hearOwn: boolean;
  readonly rtpCapabilities: RtpCapabilities;
  readonly outbox: Outbox;
}

/** One participant of a room: who they are, what they chose, and the media they hold open. */
export class Peer {
  readonly id: PeerId;
  readonly displayName: string;
  readonly colour: number;
  readonly rtpCapabilities: RtpCapabilities;
  readonly outbox: Outbox;
  speak: LanguageTag;
  hear: HearChoice;
  hearOwn: boolean;
  readonly transports = new Map<Direction, SfuTransport>();
  readonly published = new Map<Source, Published>();
  readonly received = new Map<ConsumerId, Received>();
  #closed = false;

  constructor(options: PeerOptions) {
    this.id = options.id;
    this.displayName = options.displayName;
    this.colour = options.colour;
    this.rtpCapabilities = options.rtpCapabilities;
    this.outbox = options.outbox;
    this.speak = options.speak;
    this.hear = options.hear;
    this.hearOwn = options.hearOwn;
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
      speak: this.speak,
      hear: this.hear,
      microphone: microphone ? (microphone.paused ? 'muted' : 'live') : 'none',
      colour: this.colour,
    };
  }

  get needs(): DemandPeer {
    return {
      peerId: this.id,
      speak: this.speak,
      hear: this.hear,
      hearOwn: this.hearOwn,
      publishes: this.published.size > 0,
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
    this.published.get(source)?.producer.close();
    this.published.delete(source);
  }

  /** Ends a track they receive and tells their page, unless they have left. */
  stopReceiving(consumerId: ConsumerId): void {
    this.received.get(consumerId)?.consumer.close();
    this.received.delete(consumerId);
    if (!this.#closed) this.outbox.emit('consumerClosed', { consumerId });
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
