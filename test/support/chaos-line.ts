import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { z } from 'zod';
import type { Ack } from '../../server/protocol/errors.ts';
import type { NewConsumer, Stamp } from '../../server/protocol/events.ts';
import type { EventData, EventName } from '../../server/protocol/events.ts';
import type { RequestData, RequestName, Responses } from '../../server/protocol/requests.ts';

const Entrance = z.object({
  token: z.string(),
  /** Where the meeting is, when that is another server. */
  node: z.object({ url: z.string() }).optional(),
});
const REQUEST_TIMEOUT_MS = 10_000;

/** What a door or a socket says to someone it does not let in. */
const Reason = z.object({ code: z.string(), message: z.string().optional() });

/** The server has understood and said no. */
export class Refused extends Error {
  /** `door` (the link), `connect` (the socket), or the request. */
  readonly where: string;
  /** One of the protocol's codes. */
  readonly code: string;

  constructor(where: string, code: string, message = '') {
    super(`${where}: ${code}, ${message}`);
    this.where = where;
    this.code = code;
  }
}

/** One participant's conversation with a real server: the door, the socket, requests and events. */
export class Line implements Disposable {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `room`: what follows `/r/` in a link. */
  static async open(url: string, room: string): Promise<Line> {
    const [roomId = '', key] = room.split('#k=');
    const knock = await fetch(`${url}/api/rooms/${roomId}/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    });
    const answer: unknown = await knock.json();
    const refusal = knock.ok ? undefined : Reason.safeParse(answer).data;
    if (refusal) throw new Refused('door', refusal.code, refusal.message);
    const { token, node } = Entrance.parse(answer);
    const socket = io(node?.url ?? url, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      auth: { token },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error: Error & { readonly data?: unknown }) => {
        socket.disconnect();
        const reason = Reason.safeParse(error.data).data;
        reject(reason ? new Refused('connect', reason.code, error.message) : error);
      });
    });
    return new Line(socket);
  }

  async request<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    const asked: Promise<unknown> = this.#socket
      .timeout(REQUEST_TIMEOUT_MS)
      .emitWithAck(name, data);
    const answer = (await asked) as Ack<Responses[N]>;
    if (answer.ok) return answer.data;
    throw new Refused(name, answer.error.code, answer.error.message);
  }

  on<E extends Exclude<EventName, 'newConsumer'>>(
    event: E,
    listener: (data: EventData<E>, stamp: Stamp) => void,
  ): void {
    const name: string = event;
    this.#socket.on(name, listener);
  }

  /** Told of each track on offer; `taken` says that it can be received now. */
  onOffer(listener: (offer: NewConsumer, taken: () => void) => void): void {
    this.#socket.on('newConsumer', (offer: NewConsumer, _: Stamp, taken: () => void) => {
      listener(offer, taken);
    });
  }

  /** The connection ended though nobody here hung up. */
  onLost(listener: (reason: string) => void): void {
    this.#socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') listener(reason);
    });
  }

  [Symbol.dispose](): void {
    this.#socket.disconnect();
  }
}
