import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { DefaultEventsMap, Socket } from 'socket.io';
import type { ZodType } from 'zod';
import { RequestError } from '../errors.ts';
import { Limiter } from '../limiter.ts';
import type { Logger } from '../log.ts';
import type { LimitOptions } from '../options.ts';
import type { Ack, WireError } from '../protocol/errors.ts';
import type { ServerToClientEvents } from '../protocol/events.ts';
import { requests } from '../protocol/requests.ts';
import type { RequestData, RequestName, Responses } from '../protocol/requests.ts';
import type { RtpCapabilities } from '../protocol/rtp.ts';
import type { Outbox } from '../rooms/ports.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';
import { handlers } from './handlers/all.ts';
import { isAllowedOrigin } from './origin.ts';
import { isRequestName, parseRequest } from './parse-request.ts';
import { Session } from './session.ts';

/** Above our own limit for requests, so that ours answers before socket.io hangs up. */
const TRANSPORT_LIMIT_BYTES = 1_000_000;
const READY_TIMEOUT_MS = 15_000;
const REQUEST_WINDOW_MS = 3_000;
const CONNECTION_WINDOW_MS = 60_000;

export interface GatewayOptions {
  readonly rooms: RoomRegistry;
  readonly rtpCapabilities: RtpCapabilities;
  readonly limits: LimitOptions;
  readonly allowedOrigins: readonly string[];
  readonly log: Logger;
}

const schemas: { readonly [N in RequestName]: ZodType<RequestData<N>> } = requests;

type ClientSocket = Socket<DefaultEventsMap, ServerToClientEvents>;
type Reply = (answer: Ack<unknown>) => void;

/**
 * The socket.io edge. It parses every event, calls the handler of that name and acknowledges with
 * data or an error code; it decides nothing itself. What cannot be understood is answered, or
 * ignored when it asked for no answer, and the connection lives on.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #io: Server<DefaultEventsMap, ServerToClientEvents>;
  readonly #perSocket: Limiter;
  readonly #perAddress: Limiter;
  readonly #connections: Limiter;

  constructor(http: HttpServer, options: GatewayOptions) {
    const { limits, allowedOrigins } = options;
    this.#options = options;
    this.#perSocket = new Limiter({
      points: limits.requestsPerSocket,
      windowMs: REQUEST_WINDOW_MS,
    });
    this.#perAddress = new Limiter({
      points: limits.requestsPerAddress,
      windowMs: REQUEST_WINDOW_MS,
    });
    this.#connections = new Limiter({
      points: limits.connectionsPerAddress,
      windowMs: CONNECTION_WINDOW_MS,
    });
    this.#io = new Server(http, {
      transports: ['websocket', 'polling'],
      serveClient: false,
      maxHttpBufferSize: TRANSPORT_LIMIT_BYTES,
      perMessageDeflate: false,
      pingInterval: 10_000,
      pingTimeout: 10_000,
      allowRequest: ({ headers }, decide) => {
        decide(null, isAllowedOrigin(headers.origin, headers.host, allowedOrigins));
      },
    });
    this.#io.use((socket, next) => {
      this.#connections.take(socket.handshake.address).then(() => {
        next();
      }, next);
    });
    this.#io.on('connection', (socket) => {
      this.#serve(socket);
    });
  }

  /** Sockets open now. */
  get connections(): number {
    return this.#io.engine.clientsCount;
  }

  /** Hangs up on everyone; the HTTP server is closed too. */
  async close(): Promise<void> {
    await this.#io.close();
  }

  #serve(socket: ClientSocket): void {
    const { rooms, rtpCapabilities } = this.#options;
    const session = new Session({ rooms, rtpCapabilities, outbox: outboxOf(socket) });
    socket.onAny((event: unknown, ...args: unknown[]) => {
      const reply = args.at(-1);
      if (!isReply(reply)) return;
      void this.#answer({ socket, session, event, args: args.slice(0, -1) }).then(reply);
    });
    socket.once('disconnect', () => {
      session.close();
    });
  }

  async #answer(call: {
    socket: ClientSocket;
    session: Session;
    event: unknown;
    args: unknown[];
  }): Promise<Ack<unknown>> {
    const { socket, session, event, args } = call;
    try {
      await this.#perSocket.take(socket.id);
      await this.#perAddress.take(socket.handshake.address);
      if (typeof event !== 'string' || !isRequestName(event)) {
        throw new RequestError('badRequest', 'there is no such request');
      }
      if (args.length !== 1) throw new RequestError('badRequest', 'one argument is expected');
      return { ok: true, data: await this.#dispatch(event, session, args[0]) };
    } catch (error) {
      return { ok: false, error: this.#errorOf(error, event) };
    }
  }

  async #dispatch<N extends RequestName>(
    name: N,
    session: Session,
    data: unknown,
  ): Promise<Responses[N]> {
    const request = parseRequest(schemas[name], data, this.#options.limits.requestBytes);
    return handlers[name](session, request);
  }

  #errorOf(error: unknown, event: unknown): WireError {
    if (error instanceof RequestError) return error.toWire();
    this.#options.log.error({ err: error, event }, 'a request failed unexpectedly');
    return { code: 'internal', message: 'the server made a mistake' };
  }
}

function outboxOf(socket: ClientSocket): Outbox {
  return {
    emit: (event, ...args) => {
      socket.emit(event, ...args);
    },
    offer: async (consumer) => {
      await socket.timeout(READY_TIMEOUT_MS).emitWithAck('newConsumer', consumer);
    },
  };
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'function';
}
