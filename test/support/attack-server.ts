import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Door } from '../../server/access/door.ts';
import { RoomKeys } from '../../server/access/keys.ts';
import { Secret } from '../../server/access/secret.ts';
import { Tokens } from '../../server/access/tokens.ts';
import { createHttpApp } from '../../server/http/app.ts';
import type { LimitOptions } from '../../server/options.ts';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { MediaPlaces } from '../../server/rooms/media-places.ts';
import { RoomRegistry } from '../../server/rooms/room-registry.ts';
import { Probes } from '../../server/sfu/probes.ts';
import { Gateway } from '../../server/signaling/gateway.ts';
import type { Transcripts } from '../../server/transcripts/transcripts.ts';
import { TranscriptStage } from '../unit/server/transcripts/stage.ts';
import { FakeSfu } from './fake-sfu.ts';
import { FakeSpeechMedia } from './fake-speech-media.ts';
import { englishEngine } from './room-stage.ts';

const MANY = 100_000_000;

/** Wide open, so that an attack meets what lies behind the limits. */
const noLimits: LimitOptions = {
  requestBytes: 65_536,
  requestsPerSocket: MANY,
  requestsPerAddress: MANY,
  connectionsPerAddress: MANY,
  roomsPerAddress: MANY,
  joinsPerAddress: MANY,
  joinTokenMs: 120_000,
  ...{ probes: MANY, probesPerAddress: MANY },
};

export interface AttackedOptions {
  readonly limits?: Partial<LimitOptions>;
  readonly secret?: string;
  /** Milliseconds since 1970, for tokens. */
  readonly now?: () => number;
}

/** Everything of the server that faces the network, on a port of its own, over a fake SFU. */
export interface Attacked extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly sfu: FakeSfu;
  readonly media: FakeSpeechMedia;
  readonly rooms: RoomRegistry;
  readonly door: Door;
  readonly tokens: Tokens;
  readonly gateway: Gateway;
  readonly app: FastifyInstance;
  readonly transcripts: Transcripts;
  /** What was logged as an error: the server's own mistakes. */
  readonly mistakes: readonly string[];
  /** A token for a newcomer of this room. */
  tokenFor(room: RoomCreated): Promise<string>;
}

export async function startAttacked(options: AttackedOptions = {}): Promise<Attacked> {
  const secret = new Secret(options.secret ?? 'a secret of the tests, long enough');
  const limits = { ...noLimits, ...options.limits };
  const mistakes: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => mistakes.push(line) });
  const pages = await mkdtemp(join(tmpdir(), 'parley-attacked-'));
  await writeFile(join(pages, 'index.html'), '<title>Parley</title>');
  const sfu = new FakeSfu();
  const media = new FakeSpeechMedia(englishEngine);
  const rooms = new RoomRegistry({
    sfu,
    places: new MediaPlaces([media], MANY),
    limits: {
      maxRooms: MANY,
      maxPeers: 16,
      maxTracksPerPeer: 64,
      maxPeersInAll: MANY,
      emptyTimeoutMs: 60_000,
      captionReplay: 50,
      captionsKept: 500,
      graceMs: 200,
      ...{ maxWaiting: 100, waitMs: 60_000 },
    },
    iceServers: () => [],
    log,
  });
  const tokens = new Tokens(secret, limits.joinTokenMs, options.now);
  const door = new Door({
    ...{ rooms, tokens, keys: new RoomKeys(secret), keepsTranscriptFor: undefined },
  });
  const written = await TranscriptStage.create();
  const transcripts = await written.start();
  const app = await createHttpApp({
    ...{ clientDirectory: pages, version: '1.2.3', door, transcripts, limits, log },
    engine: () => englishEngine,
    notReady: () => [],
    metrics: () => Promise.resolve('parley_test 1\n'),
  });
  const gateway = new Gateway(app.server, {
    ...{ door, limits, log, graceMs: 200 },
    rtpCapabilities: sfu.rtpCapabilities,
    probes: new Probes({ sfu, limits, iceServers: () => [] }),
    allowedOrigins: [],
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    ...{ port: address.port, url: `http://127.0.0.1:${address.port}` },
    ...{ sfu, media, rooms, door, tokens, gateway, mistakes },
    ...{ app, transcripts },
    tokenFor: async ({ roomId, guestKey }) => (await door.enter(roomId, guestKey)).token,
    [Symbol.asyncDispose]: async () => {
      rooms.close();
      await gateway.close();
      await app.close();
      await written[Symbol.asyncDispose]();
      await rm(pages, { recursive: true });
    },
  };
}
