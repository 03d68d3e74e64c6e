import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv4 } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { attribute, decode, encode, xorAddress } from './stun-message.ts';
import type { Attribute } from './stun-message.ts';

/**
 * A TURN client (RFC 8656) of just what it takes to try out whom a relay serves and whom it sends
 * to. A permission alone sends nothing to the peer it is for.
 */

const REPLY_MS = 5_000;
const UDP = 17;

const method = { allocate: 0x003, refresh: 0x004, createPermission: 0x008 } as const;
type Method = keyof typeof method;
const SEND_INDICATION = 0x0016;
const DATA_INDICATION = 0x0017;

export type TurnTransport = 'udp' | 'tcp' | 'tls';

export interface TurnEndpoint {
  readonly transport: TurnTransport;
  readonly address: string;
  readonly port: number;
}

export interface TurnLogin {
  readonly username: string;
  readonly credential: string;
}

/** How a relay answered: 0 for success, otherwise its error code. */
export type TurnCode = number;

/** A connection to a relay, with at most one allocation. */
export class TurnProbe {
  readonly #send: (message: Buffer) => void;
  readonly #hangUp: () => void;
  readonly #replies = new Map<string, (message: Buffer) => void>();
  readonly #login: TurnLogin | undefined;
  #realm = '';
  #nonce: Buffer = Buffer.alloc(0);
  /** Data that peers sent. */
  onData: (data: Buffer) => void = () => undefined;

  private constructor(wire: Wire, login: TurnLogin | undefined) {
    this.#send = wire.send;
    this.#hangUp = wire.close;
    this.#login = login;
  }

  /** Without a login it asks without credentials. */
  static async connect(endpoint: TurnEndpoint, login?: TurnLogin): Promise<TurnProbe> {
    let receive: (message: Buffer) => void = () => undefined;
    const wire = await open(endpoint, (message) => {
      receive(message);
    });
    const probe = new TurnProbe(wire, login);
    receive = (message) => {
      probe.#receive(message);
    };
    return probe;
  }

  /** Asks for a relayed address: first without credentials, as a browser does, to learn the nonce. */
  async allocate(family: 4 | 6 = 4): Promise<TurnCode> {
    const wanted: Attribute[] = [
      [attribute.requestedTransport, Buffer.from([UDP, 0, 0, 0])],
      ...(family === 6
        ? [[attribute.requestedAddressFamily, Buffer.from([2, 0, 0, 0])] as const]
        : []),
    ];
    const challenge = await this.#request('allocate', () => wanted);
    if (challenge !== 401 || !this.#login) return challenge;
    return this.#request('allocate', () => wanted);
  }

  /** Asks to be let send to a peer, and to get what it sends. */
  async permit(peer: string): Promise<TurnCode> {
    return this.#request('createPermission', (id) => [
      [attribute.xorPeerAddress, xorAddress(peer, 0, id)],
    ]);
  }

  /** Gives the relayed address back. */
  async release(): Promise<TurnCode> {
    return this.#request('refresh', () => [[attribute.lifetime, Buffer.alloc(4)]]);
  }

  send(peer: string, port: number, data: Buffer): void {
    const id = randomBytes(12);
    const to: Attribute = [attribute.xorPeerAddress, xorAddress(peer, port, id)];
    this.#send(encode(SEND_INDICATION, id, [to, [attribute.data, data]]));
  }

  close(): void {
    this.#hangUp();
  }

  async #request(
    name: Method,
    attributes: (id: Buffer) => readonly Attribute[],
  ): Promise<TurnCode> {
    const id = randomBytes(12);
    const reply = Promise.withResolvers<Buffer>();
    const late = setTimeout(() => {
      reply.reject(new Error(`the relay did not answer ${name}`));
    }, REPLY_MS);
    this.#replies.set(id.toString('hex'), reply.resolve);
    this.#send(this.#signed(method[name], id, attributes(id)));
    try {
      const answer = decode(await reply.promise);
      this.#realm = answer.get(attribute.realm)?.toString() ?? this.#realm;
      this.#nonce = answer.get(attribute.nonce) ?? this.#nonce;
      const error = answer.get(attribute.errorCode);
      return error ? error.readUInt8(2) * 100 + error.readUInt8(3) : 0;
    } finally {
      clearTimeout(late);
      this.#replies.delete(id.toString('hex'));
    }
  }

  /** Long-term credentials (RFC 8489, section 9.2), once the relay has told realm and nonce. */
  #signed(type: number, id: Buffer, attributes: readonly Attribute[]): Buffer {
    const login = this.#login;
    if (!login || this.#nonce.length === 0) return encode(type, id, attributes);
    const all: Attribute[] = [
      ...attributes,
      [attribute.username, Buffer.from(login.username)],
      [attribute.realm, Buffer.from(this.#realm)],
      [attribute.nonce, this.#nonce],
    ];
    const key = createHash('md5')
      .update(`${login.username}:${this.#realm}:${login.credential}`)
      .digest();
    // The hash covers a header whose length includes the hash itself.
    const covered = encode(type, id, [...all, [attribute.messageIntegrity, Buffer.alloc(20)]]);
    const hash = createHmac('sha1', key).update(covered.subarray(0, -24)).digest();
    return encode(type, id, [...all, [attribute.messageIntegrity, hash]]);
  }

  #receive(message: Buffer): void {
    if (message.readUInt16BE(0) === DATA_INDICATION) {
      this.onData(decode(message).get(attribute.data) ?? Buffer.alloc(0));
      return;
    }
    this.#replies.get(message.subarray(8, 20).toString('hex'))?.(message);
  }
}

interface Wire {
  readonly send: (message: Buffer) => void;
  readonly close: () => void;
}

async function open(endpoint: TurnEndpoint, receive: (message: Buffer) => void): Promise<Wire> {
  const { transport, address, port } = endpoint;
  if (transport === 'udp') {
    const socket = createSocket(isIPv4(address) ? 'udp4' : 'udp6', receive);
    const connected = Promise.withResolvers<undefined>();
    socket.once('error', connected.reject);
    socket.connect(port, address, () => {
      connected.resolve(undefined);
    });
    await connected.promise;
    return {
      send: (message) => {
        socket.send(message);
      },
      close: () => socket.close(),
    };
  }
  const stream = await connectStream(endpoint);
  stream.on('data', messagesOf(receive));
  return {
    send: (message) => stream.write(message),
    close: () => stream.destroy(),
  };
}

async function connectStream({ transport, address, port }: TurnEndpoint): Promise<Socket> {
  const connected = Promise.withResolvers<undefined>();
  const done = (): void => {
    connected.resolve(undefined);
  };
  const stream: Socket =
    transport === 'tls'
      ? connectTls({ host: address, port, rejectUnauthorized: false }, done)
      : connectTcp({ host: address, port }, done);
  stream.once('error', connected.reject);
  await connected.promise;
  return stream;
}

/** Cuts a stream into STUN messages: the third and fourth byte are the length after the header. */
function messagesOf(receive: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 20 && rest.length >= 20 + rest.readUInt16BE(2)) {
      const end = 20 + rest.readUInt16BE(2);
      receive(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}
