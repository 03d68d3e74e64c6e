import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { z } from 'zod';
import type { Door } from '../access/door.ts';
import { RequestError } from '../errors.ts';
import { clientAddress, trustsNobody } from '../http/client-address.ts';
import type { Trusts } from '../http/client-address.ts';
import { Limiter } from '../limiter.ts';
import { inRequest, requestId, roomTag } from '../log.ts';
import type { Logger } from '../log.ts';
import type { LimitOptions } from '../options.ts';
import type { Ack, WireError } from '../protocol/errors.ts';
import { requests } from '../protocol/requests.ts';
import type { RequestData, RequestName, Responses } from '../protocol/requests.ts';
import type { RtpCapabilities } from '../protocol/rtp.ts';
import type { Probes } from '../sfu/probes.ts';
import { handlers } from './handlers/all.ts';
import { isAllowedOrigin } from './origin.ts';
import { isRequestName, parseRequest } from './parse-request.ts';
import type { OnAnswered } from './request-metrics.ts';
import { Session } from './session.ts';
import { outboxOf } from './wire.ts';
import type { ClientSocket, SocketServer } from './wire.ts';

/**
 * Times our own limit for requests, so that ours answers before socket.io hangs up. Not more: what
 * is nested deeply takes long to parse, and everyone waits.
 */
const TRANSPORT_LIMIT_FACTOR = 4;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Who has connected and does not join is sent away. */
const JOIN_TIMEOUT_MS = 30_000;
/** A page that is gone without a word is noticed after the sum of both. */
const PING_INTERVAL_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;
const REQUEST_WINDOW_MS = 3_000;
const CONNECTION_WINDOW_MS = 60_000;

export interface GatewayOptions {
  readonly door: Door;
  readonly rtpCapabilities: RtpCapabilities;
  readonly probes: Probes;
  readonly limits: LimitOptions;
  readonly allowedOrigins: readonly string[];
  /** Whether a page comes from another node of this server's cluster. */
  readonly isNode?: (origin: string) => boolean;
  /** Proxies that are believed; none unless given. */
  readonly trusts?: Trusts;
  /** Told of each request that was answered. */
  readonly onAnswered?: OnAnswered;
  readonly log: Logger;
}

const schemas: { readonly [N in RequestName]: z.ZodType<RequestData<N>> } = requests;

/** By a pattern: zod throws where a length that it is to check is no number. */
const Handshake = z.object({ token: z.string().regex(/^\S{1,2048}$/) });

type Reply = (answer: Ack<unknown>) => void;

/**
 * The socket.io edge. A socket needs a token to be let in. Every event is parsed, the handler of
 * that name called and its answer acknowledged, data or an error code; nothing is decided here.
 * What cannot be understood is answered, or ignored when it asked for no answer, and the connection
 * lives on.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #io: SocketServer;
  readonly #perSocket: Limiter;
  readonly #perAddress: Limiter;
  readonly #connections: Limiter;
  #slow = 0;

  constructor(http: HttpServer, options: GatewayOptions) {
    const { limits, allowedOrigins, isNode } = options;
    const limiter = (points: number, windowMs: number) => new Limiter({ points, windowMs });
    this.#options = options;
    this.#perSocket = limiter(limits.requestsPerSocket, REQUEST_WINDOW_MS);
    this.#perAddress = limiter(limits.requestsPerAddress, REQUEST_WINDOW_MS);
    this.#connections = limiter(limits.connectionsPerAddress, CONNECTION_WINDOW_MS);
    this.#io = new Server(http, {
      transports: ['websocket', 'polling'],
      serveClient: false,
      maxHttpBufferSize: TRANSPORT_LIMIT_FACTOR * limits.requestBytes,
      perMessageDeflate: false,
      connectTimeout: HANDSHAKE_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      allowRequest: ({ headers }, decide) => {
        decide(null, isAllowedOrigin(headers.origin, headers.host, allowedOrigins, isNode));
      },
    });
    this.#io.use((socket, next) => {
      this.#admit(socket).then(
        () => {
          next();
        },
        (error: unknown) => {
          next(this.#refusal(error));
        },
      );
    });
    this.#io.on('connection', (socket) => {
      this.#serve(socket);
    });
  }

  /** Sockets open now. */
  get connections(): number {
    return this.#io.engine.clientsCount;
  }

  /** Pages hung up on, since the start, because they did not take what they were told. */
  get slowPages(): number {
    return this.#slow;
  }

  /** Hangs up on everyone; the HTTP server is closed too. */
  async close(): Promise<void> {
    await this.#io.close();
  }

  async #admit(socket: ClientSocket): Promise<void> {
    await this.#connections.take(this.#addressOf(socket));
    const shown = Handshake.safeParse(socket.handshake.auth);
    if (!shown.success) throw new RequestError('badToken', 'a token is needed');
    const { door } = this.#options;
    const grant = await door.verify(shown.data.token);
    await door.arrive(grant);
    socket.data = { grant, session: await door.session(grant) };
  }

  #addressOf({ handshake }: ClientSocket): string {
    const { trusts = trustsNobody } = this.#options;
    return clientAddress(handshake.address, handshake.headers['x-forwarded-for'], trusts);
  }

  #serve(socket: ClientSocket): void {
    const { door, rtpCapabilities, probes } = this.#options;
    const outbox = outboxOf(socket, () => (this.#slow += 1));
    const { peerId } = socket.data.grant;
    const address = this.#addressOf(socket);
    const beginProbe = () => probes.begin({ peerId, address });
    const session = new Session({ ...socket.data, door, rtpCapabilities, outbox, beginProbe });
    const patience = setTimeout(() => {
      if (!session.joined && !session.waiting) socket.disconnect(true);
    }, JOIN_TIMEOUT_MS);
    const log = this.#options.log.child({ room: roomTag(socket.data.grant.roomId) });
    let heardAt = performance.now();
    socket.conn.on('packet', () => {
      heardAt = performance.now();
    });
    socket.on('error', () => undefined);
    socket.onAny((event: unknown, ...args: unknown[]) => {
      const reply = args.at(-1);
      if (!isReply(reply)) return;
      const call = { socket, session, log, event, args: args.slice(0, -1) };
      void inRequest(requestId(), async () => {
        const answer = await this.#answer(call);
        this.#answered(event, answer.ok ? 'ok' : answer.error.code, log);
        reply(answer);
      });
    });
    socket.once('disconnect', (reason) => {
      clearTimeout(patience);
      // A page that hangs up has been left; anything else may be an accident.
      if (reason === 'client namespace disconnect') session.leave();
      else session.lost(performance.now() - heardAt);
    });
  }

  async #answer(call: {
    socket: ClientSocket;
    session: Session;
    log: Logger;
    event: unknown;
    args: unknown[];
  }): Promise<Ack<unknown>> {
    const { socket, session, log, event, args } = call;
    try {
      await this.#perSocket.take(socket.id);
      await this.#perAddress.take(this.#addressOf(socket));
      if (typeof event !== 'string' || !isRequestName(event)) {
        throw new RequestError('badRequest', 'there is no such request');
      }
      if (args.length !== 1) throw new RequestError('badRequest', 'one argument is expected');
      // Nobody would be told of the end of what a socket that is gone begins.
      if (!socket.connected) throw new RequestError('unavailable', 'the connection is gone');
      return { ok: true, data: await this.#dispatch(event, session, args[0]) };
    } catch (error) {
      return { ok: false, error: wireError(error, event, log) };
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

  #answered(event: unknown, outcome: string, log: Logger): void {
    const name = typeof event === 'string' && isRequestName(event) ? event : 'unknown';
    this.#options.onAnswered?.(name, outcome);
    log.debug({ event: name, outcome }, 'answered');
  }

  #refusal(error: unknown): Error {
    const { code, message } = wireError(error, 'connect', this.#options.log);
    return Object.assign(new Error(message), { data: { code } });
  }
}

function wireError(error: unknown, event: unknown, log: Logger): WireError {
  if (error instanceof RequestError) return error.toWire();
  log.error({ err: error, event }, 'a request failed unexpectedly');
  return { code: 'internal', message: 'the server made a mistake' };
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'function';
}
