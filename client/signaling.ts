import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Ack } from '../server/protocol/errors.ts';
import type { ServerToClientEvents } from '../server/protocol/events.ts';
import type { RequestData, RequestName, Responses } from '../server/protocol/requests.ts';
import { CallError } from './messages.ts';

// The types of the socket's own events; `emit` is typed by `request` below.
type Emits = Record<string, (...args: unknown[]) => void>;

const ANSWER_MS = 10_000;
/** The wait after the server itself has turned us away, which the library takes as the last word. */
const REFUSED_MS = 3_000;

/** The wire to the server: requests with answers, and the server's events. */
export class Signaling {
  readonly #socket: Socket<ServerToClientEvents, Emits>;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor(socket: Socket<ServerToClientEvents, Emits>) {
    this.#socket = socket;
  }

  /** Starts connecting to the server this page came from, and again after each loss, with backoff. */
  static open(): Signaling {
    return new Signaling(
      io({
        transports: ['websocket'],
        reconnectionDelay: 500,
        reconnectionDelayMax: REFUSED_MS,
        randomizationFactor: 0.5,
      }),
    );
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Resolves to the answer; rejects with a CallError. */
  request<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    return new Promise((resolve, reject) => {
      const answered = (failure: Error | null, answer?: Ack<Responses[N]>): void => {
        if (failure !== null || answer === undefined) {
          reject(new CallError('unreachable', `${name}: no answer`));
        } else if (answer.ok) {
          resolve(answer.data);
        } else {
          reject(new CallError(answer.error.code, `${name}: ${answer.error.message}`));
        }
      };
      this.#socket.timeout(ANSWER_MS).emit(name, data, answered);
    });
  }

  on<E extends keyof ServerToClientEvents>(event: E, listener: ServerToClientEvents[E]): void {
    this.#socket.on<keyof ServerToClientEvents>(event, listener);
  }

  /** Called at the first connection and after each reconnection. */
  onConnect(listener: () => void): void {
    this.#socket.on('connect', listener);
  }

  /** Called when the connection is lost. */
  onDisconnect(listener: () => void): void {
    this.#socket.on('disconnect', () => {
      listener();
      this.#insist();
    });
  }

  /** Called at each failed attempt to connect. */
  onConnectError(listener: () => void): void {
    this.#socket.on('connect_error', () => {
      listener();
      this.#insist();
    });
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#closed = true;
    this.#socket.off();
    this.#socket.disconnect();
  }

  #insist(): void {
    if (this.#socket.active || this.#closed) return;
    this.#retry = setTimeout(() => this.#socket.connect(), REFUSED_MS);
  }
}
