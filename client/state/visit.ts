import type { Device } from 'mediasoup-client/types';
import type {
  JoinResult,
  RequestData,
  RequestName,
  Responses,
} from '../../server/protocol/requests.ts';
import { loadDevice, receivable } from '../media/call-media.ts';
import type { CallMedia } from '../media/call-media.ts';
import { MediaSession } from '../media/media-session.ts';
import type { SentPictures } from '../media/media-session.ts';
import type { RemoteTrack } from '../media/playout.ts';
import type { ConsumerId } from '../../server/protocol/ids.ts';
import type { FailureCode } from '../messages.ts';
import { Signaling } from '../signaling.ts';
import { MediaWatch } from './media-watch.ts';
import type { WatchedConnection } from './media-watch.ts';
import type { ConnectionPhase } from '../media/connection-quality.ts';
import { failureOf, introduction, recovery, RESTART_PATIENCE_MS } from './stay.ts';
import type { EndReason, Wish } from './stay.ts';

export interface VisitOptions {
  /** What is asked for at each entry; it may change meanwhile. */
  readonly wish: () => Wish;
  /** The latest change of a caption that is known. */
  readonly captionsAfter: () => number | undefined;
  /** The microphone that is open now, or none. */
  readonly microphone: () => MediaStreamTrack | undefined;
  readonly muted: () => boolean;
  /** The sound of a tab that is shared now, or none. */
  readonly tab: () => MediaStreamTrack | undefined;
  readonly pictures: SentPictures;
  readonly connection: WatchedConnection & { reset(phase: ConnectionPhase): void };
  readonly playout: { add(track: RemoteTrack): void; remove(consumerId: ConsumerId): void };
  /** Listens to what the server tells; called before it tells anything. */
  readonly listen: (signaling: Signaling) => void;
  /** In, for the first time or again. */
  readonly onEntered: (joined: JoinResult) => void;
  /** The connection to the server is lost; the visit goes on trying to come back. */
  readonly onLost: () => void;
  /** A host has been asked to let this person in. */
  readonly onWaiting: () => void;
  /** Not let in. The visit is over. */
  readonly onRefused: (code: FailureCode) => void;
  /** The visit is over. */
  readonly onEnded: (why: EndReason) => void;
}

/** How long joining may take before it is called off. */
const JOIN_MS = 20_000;

/**
 * The connection to one meeting, from the first handshake to the end: joins, comes back when the
 * socket is lost, builds media anew when it is gone. Whoever is told that it is over closes it.
 */
export class Visit {
  readonly #options: VisitOptions;
  readonly #signaling: Signaling;
  readonly #media: MediaSession;
  readonly #watch: MediaWatch;
  #device: Device | undefined;
  #inside = false;
  /** A host has been asked. */
  #waiting = false;
  #closed = false;
  #locating = false;
  /** Runs while joining, and while the server restarts. */
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** Counts attempts to enter, so that an answer to an earlier one is known as such. */
  #entry = 0;

  private constructor(options: VisitOptions, signaling: Signaling) {
    this.#options = options;
    this.#signaling = signaling;
    const { microphone, muted, tab, pictures, playout, connection } = options;
    const { relayOnly } = options.wish();
    this.#media = new MediaSession({
      ...{ signaling, relayOnly, microphone, muted, tab, pictures },
      onTrack: (track) => {
        playout.add(track);
      },
      onTrackGone: (consumerId) => {
        playout.remove(consumerId);
      },
      onStateChange: () => {
        this.#watch.check();
      },
    });
    this.#watch = new MediaWatch({
      connection,
      media: () => this.#media.current,
      online: () => signaling.connected,
      answers: (patienceMs) => signaling.answers(patienceMs),
      reconnect: () => {
        signaling.drop();
      },
      rebuild: () => this.#rebuild(),
      rejoin: () => this.#rejoin(),
    });
  }

  /** Starts connecting. */
  static open(options: VisitOptions): Visit {
    const { pass } = options.wish();
    const token = () => pass.token();
    const visit = new Visit(options, Signaling.open({ token, server: pass.node }));
    options.connection.reset('connecting');
    visit.#listen();
    return visit;
  }

  /** The transports of now; undefined while there are none. */
  get media(): CallMedia | undefined {
    return this.#media.current;
  }

  /** Rejects with a CallError; 'unreachable' at once while there is no connection. */
  request<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    return this.#signaling.request(name, data);
  }

  close(): void {
    this.#closed = true;
    this.#entry += 1;
    clearTimeout(this.#patience);
    this.#watch.stop();
    this.#media.close();
    this.#signaling.close();
  }

  #listen(): void {
    const signaling = this.#signaling;
    const { connection, listen, onLost, onRefused, onEnded, wish } = this.#options;
    const { pass } = wish();
    listen(signaling);
    signaling.onConnect(() => void this.#enter());
    signaling.onConnectError((refusal) => {
      // The next attempt is with what the link gives.
      if (refusal === 'badToken' && pass.expire()) return;
      if (refusal === 'moved' || (pass.movable && pass.refused === undefined)) {
        void this.#relocate();
        return;
      }
      const code = pass.refused ?? 'unreachable';
      if (code === 'unreachable' && (this.#inside || this.#waiting)) return;
      if (!this.#inside) onRefused(code);
      else if (code === 'roomNotFound') onEnded('gone');
      else if (code === 'roomEnded') onEnded('ended');
    });
    signaling.onDisconnect(() => {
      this.#entry += 1;
      connection.reset('reconnecting');
      onLost();
      if (this.#waiting) {
        this.#wait(RESTART_PATIENCE_MS, () => {
          onRefused('unreachable');
        });
      }
    });
    signaling.on('lobby:admitted', () => void this.#enter());
    signaling.onOffer((consumer, taken) => {
      this.#media.consume(consumer, taken);
    });
    signaling.on('consumerClosed', ({ consumerId }) => {
      this.#media.stopConsuming(consumerId);
    });
    signaling.on('mediaReset', () => void this.#rebuild());
    signaling.on('closing', ({ reason }) => {
      if (reason === 'moved') void this.#relocate();
      else if (reason !== 'serverStopping') {
        onEnded(reason);
        return;
      }
      // It, or another in its place, may be there in seconds, and the meeting with it.
      this.#wait(RESTART_PATIENCE_MS, () => {
        onEnded('stopping');
      });
    });
    this.#wait(JOIN_MS, () => {
      onRefused('unreachable');
    });
  }

  /** Asks where the meeting is now, and goes there. Where nobody can tell, the next attempt asks again. */
  async #relocate(): Promise<void> {
    if (this.#locating) return;
    this.#locating = true;
    const { pass } = this.#options.wish();
    try {
      await pass.knock();
      if (!this.#closed) this.#signaling.moveTo(pass.node);
    } catch (error) {
      const code = failureOf(error);
      if (this.#closed || (code !== 'roomNotFound' && code !== 'roomEnded')) return;
      if (!this.#inside) this.#options.onRefused(code);
      else this.#options.onEnded(code === 'roomEnded' ? 'ended' : 'gone');
    } finally {
      this.#locating = false;
    }
  }

  #wait(ms: number, over: () => void): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(over, ms);
  }

  /** Joins, for the first time or again, and sees to the media. */
  async #enter(attempt = 0): Promise<void> {
    const entry = ++this.#entry;
    try {
      const { rtpCapabilities } = await this.#signaling.request('getRouterRtpCapabilities', {});
      const device = await loadDevice(rtpCapabilities);
      if (entry !== this.#entry) return;
      const captionsAfter = this.#options.captionsAfter();
      const joined = await this.#signaling.request('join', {
        ...introduction(this.#options.wish()),
        rtpCapabilities: receivable(device),
        ...(captionsAfter !== undefined && { captionsAfter }),
      });
      if (entry !== this.#entry) return;
      this.#entered(device, joined);
      await this.#media.settle(device, joined.media, joined.generation);
      if (!this.#closed) this.#watch.start();
    } catch (error) {
      if (entry === this.#entry) this.#failed(failureOf(error), attempt);
    }
  }

  #entered(device: Device, joined: JoinResult): void {
    clearTimeout(this.#patience);
    this.#device = device;
    this.#inside = true;
    this.#waiting = false;
    this.#options.wish().pass.keep(joined.session);
    this.#options.onEntered(joined);
  }

  /** New transports for the call we are in: the old ones are lost. */
  async #rebuild(): Promise<void> {
    const entry = ++this.#entry;
    this.#options.connection.reset('reconnecting');
    try {
      if (this.#device !== undefined) await this.#media.rebuild(this.#device);
      if (entry === this.#entry) this.#watch.check();
    } catch {
      // A lost socket joins again by itself when it is back.
      if (entry === this.#entry && this.#signaling.connected) await this.#enter();
    }
  }

  /** The last remedy: out and in again, as the same person. */
  async #rejoin(): Promise<void> {
    await this.#signaling.request('leave', {}).catch(() => undefined);
    await this.#enter();
  }

  #failed(code: FailureCode, attempt: number): void {
    if (code === 'moved') {
      // A new handshake opens it where it is.
      void this.#relocate().then(() => {
        if (!this.#closed && this.#signaling.connected) this.#signaling.drop();
      });
      return;
    }
    if (code === 'waiting') {
      clearTimeout(this.#patience);
      this.#waiting = true;
      this.#options.onWaiting();
      return;
    }
    if (!this.#inside) {
      this.#options.onRefused(code);
      return;
    }
    const next = recovery(code, attempt);
    if ('end' in next) {
      this.#options.onEnded(next.end);
      return;
    }
    const entry = this.#entry;
    this.#options.connection.reset('reconnecting');
    setTimeout(() => {
      // A lost socket joins again by itself when it is back.
      if (entry === this.#entry && this.#signaling.connected) void this.#enter(attempt + 1);
    }, next.waitMs);
  }
}
