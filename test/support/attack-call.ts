import { z } from 'zod';
import { Door } from '../../server/access/door.ts';
import { RoomKeys } from '../../server/access/keys.ts';
import { Secret } from '../../server/access/secret.ts';
import { Tokens } from '../../server/access/tokens.ts';
import type { Grant } from '../../server/access/tokens.ts';
import { RequestError } from '../../server/errors.ts';
import type { Ack } from '../../server/protocol/errors.ts';
import type { NewConsumer, Stamp } from '../../server/protocol/events.ts';
import { PeerId, Role, RoomId } from '../../server/protocol/ids.ts';
import type {
  JoinResult,
  RequestData,
  RequestName,
  Responses,
} from '../../server/protocol/requests.ts';
import { MediaPlaces } from '../../server/rooms/media-places.ts';
import type { Outbox } from '../../server/rooms/ports.ts';
import { RoomRegistry } from '../../server/rooms/room-registry.ts';
import { handlers } from '../../server/signaling/handlers/all.ts';
import { Session } from '../../server/signaling/session.ts';
import { Probes } from '../../server/sfu/probes.ts';
import { Channel } from './attack-delays.ts';
import type { Traffic } from './attack-delays.ts';
import type { Reader } from './attack-reader.ts';
import { FakeSfu } from './fake-sfu.ts';
import { FakeSpeechMedia } from './fake-speech-media.ts';
import { englishEngine, silent } from './room-stage.ts';

export const GRACE_MS = 30_000;
export const MAX_PEERS = 4;

const secret = new Secret('a secret of the tests, long enough');

type Holder = Pick<Grant, 'roomId' | 'role' | 'peerId'>;

const Plain = z.object({
  ...{ roomId: RoomId, role: Role, peerId: PeerId },
  ...{ returning: z.boolean(), life: z.number() },
});

/** Tokens that can be read. */
class PlainTokens extends Tokens {
  static #people = 0;
  readonly #life: number;

  constructor(life: number) {
    super(secret, 60_000);
    this.#life = life;
  }

  override forJoining(roomId: RoomId, role: Role): Promise<string> {
    const peerId = PeerId.parse(`person-${PlainTokens.#people++}`);
    return Promise.resolve(this.#text({ roomId, role, peerId }, false));
  }

  session(holder: Holder): string {
    return this.#text(holder, true);
  }

  grant(token: string): Grant {
    const { life, ...grant } = Plain.parse(JSON.parse(token));
    return { ...grant, fromBefore: life !== this.#life };
  }

  #text({ roomId, role, peerId }: Holder, returning: boolean): string {
    return JSON.stringify({ roomId, role, peerId, returning, life: this.#life });
  }
}

/** One life of the server: real rooms, doors, sessions and handlers; all else answers late. */
export class ServerLife {
  readonly sfu = new FakeSfu();
  readonly media = new FakeSpeechMedia(englishEngine);
  readonly rooms: RoomRegistry;
  readonly door: Door;
  readonly tokens: PlainTokens;
  readonly probes: Probes;
  readonly #worker: Channel;
  readonly #process: Channel;
  readonly #seenMedia: FakeSpeechMedia;
  #port = 5_000;

  constructor(life: number, traffic: Traffic) {
    this.#worker = new Channel(traffic, 'worker');
    this.#process = new Channel(traffic, 'media');
    this.#seenMedia = this.#process.behind(this.media);
    this.rooms = new RoomRegistry({
      sfu: this.#worker.behind(this.sfu),
      places: new MediaPlaces([this.#seenMedia], 100),
      limits: {
        ...{ maxRooms: 10, maxPeers: MAX_PEERS, maxPeersInAll: 100, maxTracksPerPeer: 64 },
        ...{ emptyTimeoutMs: 600_000, captionReplay: 50, captionsKept: 500, graceMs: GRACE_MS },
        ...{ maxWaiting: 3, waitMs: 600_000 },
      },
      iceServers: () => [],
      log: silent,
    });
    this.tokens = new PlainTokens(life);
    this.probes = new Probes({
      ...{ sfu: this.#worker.behind(this.sfu), iceServers: () => [] },
      limits: { probes: 20, probesPerAddress: 20 },
    });
    this.door = new Door({
      ...{ rooms: this.rooms, keys: new RoomKeys(secret), tokens: this.tokens },
      keepsTranscriptFor: undefined,
    });
  }

  loseWorker(): void {
    this.#worker.cut();
    this.sfu.loseRouters();
  }

  loseMedia(): void {
    this.#process.cut();
    this.media.die();
    this.rooms.mediaChanged(this.#seenMedia);
  }

  startMedia(): void {
    if (this.media.ports === undefined) {
      this.media.start({ rtpPort: ++this.#port, voicePort: ++this.#port });
    }
    this.rooms.mediaChanged(this.#seenMedia);
  }
}

/** One socket of a page, from the handshake to its end; it does what the gateway does. */
export class Line implements Outbox {
  readonly reader: Reader;
  readonly #session: Session;
  readonly #wire: Channel;
  readonly #acks: Channel;
  /** What the page sends arrives, and what it is told too. */
  #whole = true;
  #open = true;

  constructor(server: ServerLife, token: string, reader: Reader, traffic: Traffic) {
    this.reader = reader;
    reader.connected(this);
    const { door, sfu } = server;
    const grant = server.tokens.grant(token);
    const { rtpCapabilities } = sfu;
    const session = server.tokens.session(grant);
    const { peerId } = grant;
    const beginProbe = () => server.probes.begin({ peerId, address: 'here' });
    this.#session = new Session({
      ...{ door, grant, session, rtpCapabilities, outbox: this, beginProbe },
    });
    this.#wire = new Channel(traffic, 'request');
    this.#acks = new Channel(traffic, 'ack');
  }

  get open(): boolean {
    return this.#open && this.#whole;
  }

  /** Whether the page still listens; an old socket that lives on beside a new one is nobody's. */
  get #heeded(): boolean {
    return this.open && this.reader.by === this;
  }

  /** Undefined when the answer never comes. */
  async request<N extends RequestName>(
    name: N,
    data: RequestData<N>,
  ): Promise<Ack<Responses[N]> | undefined> {
    await this.#wire.pass();
    if (!this.open) return undefined;
    return this.#answer(name, data).then((answer) => (this.open ? answer : undefined));
  }

  /** What is answered counts from the moment it comes, like what is told. */
  async join(data: RequestData<'join'>): Promise<Ack<JoinResult> | undefined> {
    await this.#wire.pass();
    if (!this.open) return undefined;
    return this.#answer('join', data).then((answer) => {
      if (!this.open) return undefined;
      if (answer.ok && this.#heeded) this.reader.welcomed(answer.data);
      return answer;
    });
  }

  async #answer<N extends RequestName>(name: N, data: RequestData<N>): Promise<Ack<Responses[N]>> {
    try {
      return { ok: true, data: await this.#dispatch(name, data) };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { ok: false, error: error.toWire() };
    }
  }

  async #dispatch<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    return handlers[name](this.#session, data);
  }

  emit(event: string, data: unknown, stamp: Stamp): void {
    if (this.#heeded) this.reader.told({ event, data, stamp });
  }

  async offer(consumer: NewConsumer, stamp: Stamp): Promise<void> {
    this.emit('newConsumer', consumer, stamp);
    const told = this.#heeded;
    await this.#acks.pass();
    if (!told || !this.open) throw new Error('no acknowledgement');
  }

  /** The server hangs up. */
  close(): void {
    this.#end(() => {
      this.#session.lost(0);
    });
  }

  /** The page hangs up. */
  hangUp(): void {
    this.#end(() => {
      this.#session.leave();
    });
  }

  /** The network is gone; the server notices later. */
  async cut(): Promise<void> {
    this.#whole = false;
    await this.#wire.pass();
    this.close();
  }

  #end(tell: () => void): void {
    if (!this.#open) return;
    this.#open = false;
    tell();
  }
}
