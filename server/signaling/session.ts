import type { Door } from '../access/door.ts';
import type { Grant } from '../access/tokens.ts';
import { RequestError } from '../errors.ts';
import type { RequestData, RequestName, Responses } from '../protocol/requests.ts';
import type { RtpCapabilities } from '../protocol/rtp.ts';
import type { Participation } from '../rooms/participation.ts';
import type { Outbox } from '../rooms/ports.ts';

export interface SessionOptions {
  readonly door: Door;
  /** What the token of this socket lets its holder do. */
  readonly grant: Grant;
  /** The token to come back with. */
  readonly session: string;
  readonly rtpCapabilities: RtpCapabilities;
  readonly outbox: Outbox;
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

  constructor({ door, grant, session, rtpCapabilities, outbox }: SessionOptions) {
    this.door = door;
    this.grant = grant;
    this.token = session;
    this.rtpCapabilities = rtpCapabilities;
    this.outbox = outbox;
  }

  get joined(): boolean {
    return this.#participation !== undefined;
  }

  /** Throws a RequestError 'notJoined'. */
  get participation(): Participation {
    if (!this.#participation) throw new RequestError('notJoined', 'join a meeting first');
    return this.#participation;
  }

  enter(participation: Participation): void {
    this.#participation = participation;
  }

  leave(): void {
    this.#participation?.leave();
    this.#participation = undefined;
  }

  /**
   * The socket is gone, and nothing was heard from it for so long before; the place is kept for a
   * while, in case another one comes.
   */
  lost(silentMs: number): void {
    this.#participation?.lost(silentMs);
  }
}

/** Answers one kind of request. Throws a RequestError for what cannot be granted. */
export type Handler<N extends RequestName> = (
  session: Session,
  data: RequestData<N>,
) => Responses[N] | Promise<Responses[N]>;

export type Handlers<N extends RequestName> = { readonly [Name in N]: Handler<Name> };
