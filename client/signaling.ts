import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Ack, ErrorCode, WireError } from '../server/protocol/errors.ts';
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
  /** Address of the server; left out: the one this page came from. */
  readonly server?: string | undefined;
}

/** The wire to the server, typed by the protocol: requests with answers, and the server's events. */
export class Signaling {
  readonly #token: SignalingOptions['token'];
  /** What listens to the socket, in order, so that it listens to the next one, too. */
  readonly #listening: ((socket: Socket) => void)[] = [];
  #socket: Socket;
  #server: string | undefined;
  #generation = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor({ token, server }: SignalingOptions) {
    this.#token = token;
    this.#server = server;
    this.#socket = connect(token, server);
    this.#listen((socket) => {
      socket.on('connect', () => {
        this.#generation = 0;
      });
    });
  }

  /** Starts connecting, and again after each loss, with backoff. */
  static open(options: SignalingOptions): Signaling {
    return new Signaling(options);
  }

  /** Goes on with another server, unless it is the one we are at or on the way to. */
  moveTo(server: string | undefined): void {
    if (this.#closed || server === this.#server) return;
    // Whoever listens is told of the loss, if it was not lost before.
    this.#socket.disconnect();
    this.#socket.off();
    clearTimeout(this.#retry);
    this.#server = server;
    this.#socket = connect(this.#token, server);
    for (const listen of this.#listening) listen(this.#socket);
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
    this.#listen((socket) => {
      socket.on<PlainEvent>(event, receive);
    });
  }

  /** `taken` is to be called when the browser is ready to receive the track. */
  onOffer(listener: (consumer: NewConsumer, taken: () => void) => void): void {
    this.#listen((socket) => {
      socket.on('newConsumer', (consumer: NewConsumer, stamp: Stamp, taken: () => void) => {
        if (this.#isCurrent(stamp)) listener(consumer, taken);
      });
    });
  }

  /** Called at the first connection and after each reconnection. */
  onConnect(listener: () => void): void {
    this.#listen((socket) => {
      socket.on('connect', listener);
    });
  }

  /** Called when the connection is lost. */
  onDisconnect(listener: () => void): void {
    this.#listen((socket) => {
      socket.on('disconnect', () => {
        listener();
        this.#insist();
      });
    });
  }

  /** Called at each failed attempt to connect; with the server's reason if it has turned us away. */
  onConnectError(listener: (refusal: ErrorCode | undefined) => void): void {
    this.#listen((socket) => {
      socket.on('connect_error', (error: Error) => {
        listener(isRefusal(error) ? error.data.code : undefined);
        this.#insist();
      });
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

  #listen(listen: (socket: Socket) => void): void {
    this.#listening.push(listen);
    listen(this.#socket);
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

function connect(token: SignalingOptions['token'], server: string | undefined): Socket {
  const options = {
    transports: ['websocket'],
    timeout: CONNECT_MS,
    reconnectionDelay: FIRST_RETRY_MS,
    reconnectionDelayMax: RETRY_MS,
    randomizationFactor: 0.5,
    // Each has a connection of its own, which ends with it.
    forceNew: true,
    auth: (show: (auth: object) => void) => {
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
  };
  return server === undefined ? io(options) : io(server, options);
}

/** What the server's middleware says, as socket.io hands it on. */
function isRefusal(error: Error): error is Error & { data: Pick<WireError, 'code'> } {
  return (
    'data' in error && typeof error.data === 'object' && error.data !== null && 'code' in error.data
  );
}
