import { once } from 'node:events';
import { Door } from '../../server/access/door.ts';
import { RoomKeys } from '../../server/access/keys.ts';
import { Secret } from '../../server/access/secret.ts';
import { Tokens } from '../../server/access/tokens.ts';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { createServer } from 'node:http';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Trusts } from '../../server/http/client-address.ts';
import type { LimitOptions } from '../../server/options.ts';
import { MediaPlaces } from '../../server/rooms/media-places.ts';
import { RoomRegistry } from '../../server/rooms/room-registry.ts';
import { Probes } from '../../server/sfu/probes.ts';
import { Gateway } from '../../server/signaling/gateway.ts';
import { FakeSfu } from './fake-sfu.ts';
import { FakeSpeechMedia } from './fake-speech-media.ts';
import { englishEngine, silent } from './room-stage.ts';

const limits: LimitOptions = {
  requestBytes: 65_536,
  requestsPerSocket: 1_000,
  requestsPerAddress: 10_000,
  connectionsPerAddress: 1_000,
  roomsPerAddress: 1_000,
  joinsPerAddress: 1_000,
  joinTokenMs: 60_000,
  ...{ probes: 20, probesPerAddress: 10 },
};

export interface SignalingServer extends AsyncDisposable {
  readonly url: string;
  readonly sfu: FakeSfu;
  readonly media: FakeSpeechMedia;
  readonly rooms: RoomRegistry;
  readonly door: Door;
  /** A newcomer's socket at the door of a room, or of one made for them, connected. */
  connect(room?: RoomCreated, headers?: Record<string, string>): Promise<Socket>;
  /** A socket that shows this token at the handshake; rejects when it is not let in. */
  show(token: unknown, headers?: Record<string, string>): Promise<Socket>;
  close(): Promise<void>;
}

export interface SignalingServerOptions {
  readonly limits?: Partial<LimitOptions>;
  readonly maxPeers?: number;
  readonly maxPeersInAll?: number;
  /** People the one media process serves. */
  readonly maxStreams?: number;
  readonly graceMs?: number;
  /** Servers with the same secret take each other's tokens. */
  readonly secret?: string;
  /** Proxies that are believed. */
  readonly trusts?: Trusts;
}

/** The real socket.io edge and real rooms on a port of their own, over a fake SFU. */
export async function startSignaling(
  options: SignalingServerOptions = {},
): Promise<SignalingServer> {
  const graceMs = options.graceMs ?? 30_000;
  const all = { ...limits, ...options.limits };
  const secret = new Secret(options.secret ?? 'a secret of the tests, long enough');
  const sfu = new FakeSfu();
  const media = new FakeSpeechMedia(englishEngine);
  const rooms = new RoomRegistry({
    sfu,
    places: new MediaPlaces([media], options.maxStreams ?? 100),
    limits: {
      maxRooms: 100,
      maxPeers: options.maxPeers ?? 16,
      maxPeersInAll: options.maxPeersInAll ?? 100,
      emptyTimeoutMs: 60_000,
      captionReplay: 50,
      captionsKept: 500,
      maxTracksPerPeer: 64,
      ...{ maxWaiting: 3, waitMs: 60_000 },
      graceMs,
    },
    iceServers: () => [],
    log: silent,
  });
  const door = new Door({
    rooms,
    keys: new RoomKeys(secret),
    tokens: new Tokens(secret, 60_000),
    keepsTranscriptFor: undefined,
  });
  const http = createServer();
  const gateway = new Gateway(http, {
    door,
    rtpCapabilities: sfu.rtpCapabilities,
    probes: new Probes({ sfu, limits: all, iceServers: () => [] }),
    limits: all,
    allowedOrigins: ['https://friend.example'],
    ...(options.trusts && { trusts: options.trusts }),
    log: silent,
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  const sockets = new Set<Socket>();
  const close = async () => {
    rooms.close();
    await gateway.close();
    for (const socket of sockets) socket.disconnect();
  };
  const show = async (token: unknown, headers: Record<string, string> = {}) => {
    const socket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: headers,
      auth: { token },
    });
    sockets.add(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  };
  return {
    ...{ url, sfu, media, rooms, door, close, show },
    connect: async (room = door.create(), headers = {}) => {
      const { token } = await door.enter(room.roomId, room.guestKey);
      return show(token, headers);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Sends a request and resolves to its acknowledgement. */
export function ask(socket: Socket, event: string, ...args: unknown[]): Promise<unknown> {
  return socket.timeout(5_000).emitWithAck(event, ...args);
}
