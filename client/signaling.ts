import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Ack, WireError } from '../server/protocol/errors.ts';
import type {
  EventData,
  NewConsumer,
  ServerToClientEvents,
  Stamp,
} from '../server/protocol/events.ts';
import type { RequestData, RequestName, Responses } from '../server/protocol/requests.ts';
import { CallError } from './messages.ts';

type PlainEvent = Exclude<keyof ServerToClientEvents, 'newConsumer'>;

const ANSWER_MS = 10_000;
/** How long one attempt to connect may take: a lost first packet is not waited for. */
const CONNECT_MS = 3_000;
/** The longest wait between attempts; a meeting is worth asking for often. */
const RETRY_MS = 1_500;
const FIRST_RETRY_MS = 200;

export interface SignalingOptions {
  /** The token to show at each handshake. */
  readonly token: () => Promise<string>;
}

/** The wire to the server, typed by the protocol: requests with answers, and the server's events. */
export class Signaling {
  readonly #socket: Socket;
  #generation = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('connect', () => {
      this.#generation = 0;
    });
  }

  /** Starts connecting to the server this page came from, and again after each loss, with backoff. */
  static open({ token }: SignalingOptions): Signaling {
    return new Signaling(
      io({
        transports: ['websocket'],
        timeout: CONNECT_MS,
        reconnectionDelay: FIRST_RETRY_MS,
        reconnectionDelayMax: RETRY_MS,
        randomizationFactor: 0.5,
        auth: (show) => {
          // Without a token the server refuses, and the refusal is told to onConnectError.
          token().then(
            (shown) => {
              show({ token: shown });
            },
            () => {
              show({});
            },
          );
        },
      }),
    );
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Resolves to the answer; rejects with a CallError, at once while there is no connection. */
  request<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    return new Promise((resolve, reject) => {
      if (!this.#socket.connected) {
        reject(new CallError('unreachable', `${name}: not connected`));
        return;
      }
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

  /** Events about media that has been replaced meanwhile are left out. */
  on<E extends PlainEvent>(event: E, listener: (data: EventData<E>) => void): void {
    const receive = (data: EventData<E>, stamp: Stamp): void => {
      if (this.#isCurrent(stamp)) listener(data);
    };
    this.#socket.on<PlainEvent>(event, receive);
  }

  /** `taken` is to be called when the browser is ready to receive the track. */
  onOffer(listener: (consumer: NewConsumer, taken: () => void) => void): void {
    this.#socket.on('newConsumer', (consumer: NewConsumer, stamp: Stamp, taken: () => void) => {
      if (this.#isCurrent(stamp)) listener(consumer, taken);
    });
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

  /** Called at each failed attempt to connect; `expired` when the server did not take the token. */
  onConnectError(listener: (expired: boolean) => void): void {
    this.#socket.on('connect_error', (error: Error) => {
      listener(isRefusal(error) && error.data.code === 'badToken');
      this.#insist();
    });
  }

  /** Whether the server answers within `patienceMs`. */
  async answers(patienceMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, patienceMs, false);
    this.request('ping', {}).then(
      () => {
        resolve(true);
      },
      () => undefined,
    );
    const answered = await promise;
    clearTimeout(timer);
    return answered;
  }

  /** Gives up a connection that leads nowhere any more, and connects anew. */
  drop(): void {
    this.#socket.io.engine.close();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#closed = true;
    this.#socket.off();
    this.#socket.disconnect();
  }

  #isCurrent({ generation }: Stamp): boolean {
    if (generation < this.#generation) return false;
    this.#generation = generation;
    return true;
  }

  /** When the server itself has turned us away, the library takes that as the last word. */
  #insist(): void {
    if (this.#socket.active || this.#closed) return;
    this.#retry = setTimeout(() => this.#socket.connect(), RETRY_MS);
  }
}

/** What the server's middleware says, as socket.io hands it on. */
function isRefusal(error: Error): error is Error & { data: Pick<WireError, 'code'> } {
  return (
    'data' in error && typeof error.data === 'object' && error.data !== null && 'code' in error.data
  );
}
