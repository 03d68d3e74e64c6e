import type { Door } from '../access/door.ts';
import type { Grant } from '../access/tokens.ts';
import { RequestError } from '../errors.ts';
import type { RequestData, RequestName, Responses, TransportInfo } from '../protocol/requests.ts';
import type { RtpCapabilities } from '../protocol/rtp.ts';
import type { Participation } from '../rooms/participation.ts';
import type { Outbox } from '../rooms/ports.ts';
import type { Probe } from '../sfu/probes.ts';

export interface SessionOptions {
  readonly door: Door;
  /** What the token of this socket lets its holder do. */
  readonly grant: Grant;
  /** The token to come back with. */
  readonly session: string;
  readonly rtpCapabilities: RtpCapabilities;
  readonly outbox: Outbox;
  /** Opens a transport to try the way to the SFU with. */
  readonly beginProbe: () => Promise<Probe>;
}

/** One socket's conversation with the server: at the door of one room, or inside. */
export class Session {
  readonly door: Door;
  readonly grant: Grant;
  /** To come back with. */
  readonly token: string;
  readonly rtpCapabilities: RtpCapabilities;
  readonly outbox: Outbox;
  #participation: Participation | undefined;
  #giveUp: (() => void) | undefined;
  readonly #beginProbe: () => Promise<Probe>;
  /** The probe that is open, or on its way. */
  #probing: { probe?: Probe } | undefined;

  constructor({ door, grant, session, rtpCapabilities, outbox, beginProbe }: SessionOptions) {
    this.door = door;
    this.grant = grant;
    this.token = session;
    this.rtpCapabilities = rtpCapabilities;
    this.outbox = outbox;
    this.#beginProbe = beginProbe;
  }

  get joined(): boolean {
    return this.#participation !== undefined;
  }

  /** Throws a RequestError 'notJoined'. */
  get participation(): Participation {
    if (!this.#participation) throw new RequestError('notJoined', 'join a meeting first');
    return this.#participation;
  }

  /** Whether a host has been asked to let this person in. */
  get waiting(): boolean {
    return this.#giveUp !== undefined;
  }

  /** `giveUp` ends the wait for a host. */
  wait(giveUp: () => void): void {
    this.#giveUp = giveUp;
  }

  /**
   * A transport to try the way to the SFU with, in the place of an earlier one; it is gone after some
   * seconds, or when its owner joins. Rejects with a RequestError.
   */
  async probe(): Promise<TransportInfo> {
    if (this.joined) throw new RequestError('badRequest', 'the call itself tells');
    this.#endProbe();
    const probing: { probe?: Probe } = {};
    this.#probing = probing;
    const probe = await this.#beginProbe();
    if (this.#probing !== probing) {
      probe.close();
      throw new RequestError('unavailable', 'the probe was given up meanwhile');
    }
    probing.probe = probe;
    return probe.info;
  }

  enter(participation: Participation): void {
    this.#endProbe();
    this.#giveUp = undefined;
    this.#participation = participation;
  }

  leave(): void {
    this.#endProbe();
    this.#giveUp?.();
    this.#giveUp = undefined;
    this.#participation?.leave();
    this.#participation = undefined;
  }

  /**
   * The socket is gone, and nothing was heard from it for so long before; the place is kept for a
   * while, in case another one comes.
   */
  lost(silentMs: number): void {
    this.#endProbe();
    this.#giveUp?.();
    this.#participation?.lost(silentMs);
  }

  #endProbe(): void {
    this.#probing?.probe?.close();
    this.#probing = undefined;
  }
}

/** Answers one kind of request. Throws a RequestError for what cannot be granted. */
export type Handler<N extends RequestName> = (
  session: Session,
  data: RequestData<N>,
) => Responses[N] | Promise<Responses[N]>;

export type Handlers<N extends RequestName> = { readonly [Name in N]: Handler<Name> };
