import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import packageJson from '../package.json' with { type: 'json' };
import { Door } from './access/door.ts';
import { RoomKeys } from './access/keys.ts';
import { serverSecret } from './access/secret.ts';
import { Tokens } from './access/tokens.ts';
import { joinCluster } from './cluster/join.ts';
import { meetingsOf } from './cluster/meetings.ts';
import { registerClusterMetrics } from './cluster/metrics.ts';
import { createProgramsApi } from './api/api.ts';
import { filesProgram } from './api/files-program.ts';
import { createHttpApp } from './http/app.ts';
import { trustedProxies } from './http/client-address.ts';
import { listenForOperators, readersOf } from './http/figures.ts';
import { listen } from './http/listen.ts';
import { developmentTls, visibleHost } from './http/own-name.ts';
import { requestMetrics } from './http/request-watch.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { MediaPlaces } from './rooms/media-places.ts';
import { RoomRegistry } from './rooms/room-registry.ts';
import { isLoopback, mediaListenAddresses } from './sfu/listen-address.ts';
import { MediasoupSfu } from './sfu/mediasoup-sfu.ts';
import { Probes } from './sfu/probes.ts';
import { Gateway } from './signaling/gateway.ts';
import { requestMetrics as signalingMetrics } from './signaling/request-metrics.ts';
import { Children } from './supervise/children.ts';
import { merged } from './supervise/exposition.ts';
import { modelsOf } from './supervise/models-elsewhere.ts';
import { RoomId } from './protocol/ids.ts';
import type { PeerId } from './protocol/ids.ts';
import { sinkOf } from './transcripts/sink.ts';
import { Transcripts } from './transcripts/transcripts.ts';
import { Relays } from './turn/relays.ts';
import { createWebhooks } from './webhooks/webhooks.ts';

const ROOT = join(import.meta.dirname, '..');

/** Files the child processes run. */
export interface Programs {
  readonly media: string;
  readonly inference: string;
  /** Left out: our own. */
  readonly files?: string;
}

const ownPrograms: Required<Programs> = {
  media: join(ROOT, 'media/main.ts'),
  inference: join(ROOT, 'inference/main.ts'),
  files: join(ROOT, 'media/files/main.ts'),
};

export interface ServerParts {
  readonly config: Config;
  readonly log: Logger;
  readonly programs?: Programs;
}

export interface ParleyServer {
  /** Where a person opens it. */
  readonly url: string;
  /** Takes no new meetings; resolves when the last has ended, or when its time is over. */
  drain(): Promise<void>;
  /** Ends calls, sockets, child processes, the relay and workers, in this order. Idempotent. */
  close(): Promise<void>;
}

/**
 * Builds the server and starts it: media workers, then the HTTP port, then the child processes,
 * which go on loading after this has resolved (`/readyz` tells). Rejects with a StartError for what
 * the person who starts it can put right; nothing is left running then.
 */
export async function createServer(given: ServerParts): Promise<ParleyServer> {
  const { config, log, programs = ownPrograms } = given;
  const { host, port, announcedAddress, allowedOrigins, consentRequired, rtc, limits } =
    config.server;
  const secret = await serverSecret(config.server.secretFile, join(ROOT, 'state/secret'));
  const addresses = await mediaListenAddresses(host, announcedAddress);
  await using parts = new AsyncDisposableStack();
  const sfu = await MediasoupSfu.create({ ...rtc, addresses, log });
  parts.defer(() => sfu.close());

  const plain = isLoopback(host) || config.server.tls === 'off';
  const tls = plain ? undefined : await developmentTls(join(ROOT, 'certs'), host);
  const trusts = trustedProxies(config.server.trustedProxies);
  const relays = await Relays.create({
    options: config.server.turn,
    host,
    announcedAddresses: addresses.map(({ ip, announcedAddress: told = ip }) => told),
    ...(tls && { tls }),
    log,
  });
  parts.defer(() => relays.close());

  const transcripts = config.server.storeTranscripts
    ? await Transcripts.create({
        options: config.server.transcripts,
        log,
        now: Date.now,
        onState: (roomId) => {
          rooms.find(RoomId.parse(roomId))?.transcriptChanged();
        },
      })
    : undefined;

  const sink = transcripts && sinkOf(transcripts);
  const webhooks = await createWebhooks(config.server.webhooks, log);
  parts.defer(() => webhooks?.close());

  const models = await modelsOf(config.inference);
  const children = new Children({
    media: { entry: programs.media, options: { ...config.media, tracing: config.tracing } },
    mediaProcesses: config.server.mediaProcesses,
    inference: models.here && {
      entry: programs.inference,
      options: { ...models.here, tracing: config.tracing },
    },
    elsewhere: models.elsewhere,
    files: filesProgram(config, programs.files ?? ownPrograms.files),
    onMediaChanged: (media) => {
      rooms.mediaChanged(media);
    },
    onEngineChanged: (media) => {
      rooms.engineChanged(media);
    },
    log,
  });
  parts.defer(() => children.close());
  const places = new MediaPlaces(children.media, config.media.maxStreams);
  const iceServers = (peerId: PeerId) => relays.iceServers(peerId, Date.now());
  const { idleMs, redisUrl } = config.server.cluster;
  const rooms: RoomRegistry = new RoomRegistry({
    ...{ sfu, places, consentRequired, log },
    limits: { ...config.server.rooms, ...(redisUrl && { emptyTimeoutMs: idleMs }) },
    transcripts: webhooks ? webhooks.listening(sink) : sink,
    observer: webhooks,
    iceServers,
    chronicle: (id) => cluster?.directory.chronicle(id),
    onForgotten: (id) => cluster?.directory.release(id),
  });
  const cluster = await joinCluster({
    ...{ options: config.server, version: packageJson.version, secret, rooms, log },
    streams: () => ({
      used: places.people.reduce((sum, people) => sum + people, 0),
      most: places.people.length * config.media.maxStreams,
    }),
  });
  parts.defer(() => cluster?.close());
  const probes = new Probes({ sfu, iceServers, limits });
  const door = new Door({
    rooms,
    keys: new RoomKeys(secret),
    tokens: new Tokens(secret, limits.joinTokenMs),
    consentRequired,
    keepsTranscriptFor: transcripts && config.server.transcripts.retentionMs,
    ...(cluster && { directory: cluster.directory, maxPeers: config.server.rooms.maxPeers }),
  });
  const notReady = () => [
    ...(rooms.draining || cluster?.directory.draining ? ['the server is about to stop'] : []),
    ...children.notReady(),
  ];
  const registry = createMetrics({
    version: packageJson.version,
    rooms,
    notReady,
    mediaPeople: () => places.people,
    sockets: () => gateway.connections,
    census: () => sfu.census,
    ways: () => sfu.ways,
    wayFailures: () => sfu.wayFailures,
    workerDeaths: () => sfu.workerDeaths,
    transcripts: () => transcripts?.counts,
    hangs: () => ({ ...children.hangs(), worker: sfu.workerHangs }),
    slowPages: () => gateway.slowPages,
    probes: () => ({ open: probes.open, ...probes.counts }),
    restarts: () => ({ ...children.restarts(), turn: relays.restarts }),
  });
  if (cluster) registerClusterMetrics(registry, cluster);
  webhooks?.register(registry);
  const programsApi =
    children.files &&
    (await createProgramsApi({
      ...{ door, transcripts, notReady, log },
      meetings: meetingsOf(rooms, cluster),
      files: children.files.client,
      engine: () => children.engine,
      version: packageJson.version,
      options: config.server.api,
    }));
  const isNode = (origin: string) => cluster?.isNode(origin) === true;
  const figures = {
    notReady,
    metrics: async () => merged(await Promise.all([registry.metrics(), children.metrics()])),
    mayRead: await readersOf(config.server.metrics),
  };
  const ownFigures = config.server.metrics.port !== 0;
  const app = await createHttpApp({
    ...(tls && { tls }),
    trusts,
    clientDirectory: join(ROOT, 'client/dist'),
    version: packageJson.version,
    door,
    engine: () => children.engine,
    limits,
    transcripts,
    mayAsk: cluster && ((origin) => isNode(origin) || allowedOrigins.includes(origin)),
    ...figures,
    ...(ownFigures && { metrics: undefined }),
    onAnswered: requestMetrics(registry),
    programs: programsApi,
    log,
  });
  const { rtpCapabilities } = sfu;
  const gateway = new Gateway(app.server, {
    ...{ door, rtpCapabilities, probes, limits, allowedOrigins, isNode, trusts, log },
    onAnswered: signalingMetrics(registry),
  });
  const listening = await listen(app, { host, port }).catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  parts.defer(() => listening.close());
  parts.defer(() => gateway.close());
  parts.defer(() => transcripts?.close());
  parts.defer(() => {
    rooms.close();
  });
  if (ownFigures) {
    const operators = await listenForOperators(config.server.metrics, figures);
    parts.defer(() => operators.close());
  }
  children.start();
  const ownUrl = `${tls ? 'https' : 'http'}://${visibleHost(host)}:${listening.port}`;
  await cluster?.start(ownUrl);

  const running = parts.move();
  let closing: Promise<void> | undefined;
  return {
    url: ownUrl,
    drain: async () => {
      const patience = config.server.drainTimeoutMs;
      const over = new AbortController();
      const end = () => rooms.drain(Date.now() + patience);
      await Promise.race([
        cluster ? cluster.drain(end, over.signal) : end(),
        setTimeout(patience, undefined, { signal: over.signal }),
      ]);
      over.abort();
    },
    close: () => (closing ??= running.disposeAsync()),
  };
}
