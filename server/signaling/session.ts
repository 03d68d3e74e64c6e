import { RequestError } from '../errors.ts';
import type { RequestData, RequestName, Responses } from '../protocol/requests.ts';
import type { RtpCapabilities } from '../protocol/rtp.ts';
import type { Participation } from '../rooms/participation.ts';
import type { Outbox } from '../rooms/ports.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';

export interface SessionOptions {
  readonly rooms: RoomRegistry;
  readonly rtpCapabilities: RtpCapabilities;
  readonly outbox: Outbox;
}

/** One socket's conversation with the server: nowhere, or in one room. */
export class Session {
  readonly rooms: RoomRegistry;
  readonly rtpCapabilities: RtpCapabilities;
  readonly outbox: Outbox;
  #participation: Participation | undefined;
  #closed = false;

  constructor({ rooms, rtpCapabilities, outbox }: SessionOptions) {
    this.rooms = rooms;
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
    if (this.#closed) participation.leave();
    else this.#participation = participation;
  }

  leave(): void {
    this.#participation?.leave();
    this.#participation = undefined;
  }

  /** The socket is gone. */
  close(): void {
    this.#closed = true;
    this.leave();
  }
}

/** Answers one kind of request. Throws a RequestError for what cannot be granted. */
export type Handler<N extends RequestName> = (
  session: Session,
  data: RequestData<N>,
) => Responses[N] | Promise<Responses[N]>;

export type Handlers<N extends RequestName> = { readonly [Name in N]: Handler<Name> };
