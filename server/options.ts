import { z } from 'zod';
import { ClusterOptions } from './cluster/options.ts';
import { ApiOptions } from './api/options.ts';
import { ProxyAddress } from './http/client-address.ts';
import { WebhookOptions } from './webhooks/options.ts';

/** Well inside the longest delay a timer can hold (24.8 days). */
const MAX_TIMER_MS = 12 * 24 * 3_600_000;

/** Media over WebRTC. */
const RtcOptions = z.strictObject({
  /** Media workers, each a process on a core of its own. 0: one for each core. */
  workers: z.int().min(0).max(64),
  /**
   * First worker's port, UDP and TCP; the next workers take the next ports. 0: any free port, which
   * is right unless a firewall or container must be told.
   */
  port: z.int().min(0).max(65_535),
  /** Tracks that one worker sends; beyond it, it takes no new meetings. */
  maxConsumersPerWorker: z.int().min(1),
  /** Bits per second that a browser is asked not to exceed. */
  maxIncomingBitrate: z.int().min(32_000),
});

const RoomOptions = z.strictObject({
  /** Meetings that may exist at once, empty ones included. */
  maxRooms: z.int().min(1),
  /** People in one room. */
  maxPeers: z.int().min(1).max(200),
  /** People in all rooms together. */
  maxPeersInAll: z.int().min(1),
  /** A link stops working when nobody has been in its room for so long. */
  emptyTimeoutMs: z.int().min(1).max(MAX_TIMER_MS),
  /** Tracks one person receives; what does not fit is not offered. */
  maxTracksPerPeer: z.int().min(1),
  /** Captions told to someone who joins, per room. */
  captionReplay: z.int().min(0).max(1_000),
  /** Captions kept for the record, per room. */
  captionsKept: z.int().min(100).max(20_000),
  /** How long the place of someone whose connection is lost is kept. */
  graceMs: z.int().min(0).max(600_000),
  /** People who may wait to be let into a room. */
  maxWaiting: z.int().min(1).max(1_000),
  /** Who is not let in for so long is sent away. */
  waitMs: z.int().min(1_000).max(86_400_000),
});

const LimitOptions = z.strictObject({
  /** Longest request over the socket, in bytes of JSON. */
  requestBytes: z.int().min(1_024).max(900_000),
  /** Requests a socket may send in any three seconds. */
  requestsPerSocket: z.int().min(1),
  /** Requests all sockets of one address may send in any three seconds. */
  requestsPerAddress: z.int().min(1),
  /** New sockets from one address in a minute. */
  connectionsPerAddress: z.int().min(1),
  /** New meetings from one address in a minute. */
  roomsPerAddress: z.int().min(1),
  /** Links opened from one address in a minute. */
  joinsPerAddress: z.int().min(1),
  /** Checks of the way to the SFU that may run at once, in all. */
  probes: z.int().min(1),
  /** Those of one address. */
  probesPerAddress: z.int().min(1),
  /** How long after a link was opened its token lets one in. */
  joinTokenMs: z.int().min(1_000).max(3_600_000),
});

/** Where the figures are told, and to whom. */
const MetricsOptions = z.strictObject({
  /** Address and port, over plain HTTP, for figures and health alone. 0: they are on the pages' port. */
  host: z.string().min(1).max(253),
  port: z.int().min(0).max(65_535),
  /** File with a bearer token, 32 characters or more, that they are told to; empty: to anyone. */
  tokenFile: z.string(),
});

/** Relays (TURN) for networks that let nothing else out. */
const TurnOptions = z.strictObject({
  /** Addresses that browsers are given, such as turn:relay.example:3478?transport=udp. */
  urls: z.array(z.string().regex(/^turns?:[^\s]+$/, 'not a turn: or turns: address')),
  /** File with the secret shared with the relay. */
  secretFile: z.string(),
  /** How long credentials admit to a relay; a call that runs is not cut. */
  ttlMs: z.int().min(10_000).max(86_400_000),
  /** Run Debian's coturn beside this server, as `npm start -- --turn` does. */
  embedded: z.boolean(),
  /** Where the relay run here listens: UDP and TCP, and TLS. */
  port: z.int().min(1).max(65_535),
  tlsPort: z.int().min(1).max(65_535),
  /** Certificate and key of the relay run here; empty: those the pages are served with. */
  certFile: z.string(),
  keyFile: z.string(),
  /** UDP ports it relays from. */
  minPort: z.int().min(1_024).max(65_535),
  maxPort: z.int().min(1_024).max(65_535),
});

/** Meetings kept in writing. */
const TranscriptOptions = z.strictObject({
  /** Folder of the encrypted transcripts. */
  directory: z.string(),
  /** File with the key that wraps the key of each meeting: 32 bytes in base64. */
  keyFile: z.string(),
  /** Transcripts are destroyed when they are older. */
  retentionMs: z.int().min(60_000),
});

/** Options of the server process. Every field is required; defaults are in config/defaults.ts. */
export const ServerOptions = z.strictObject({
  /** Address to listen on. Anything but loopback is served over HTTPS, unless `tls` is off. */
  host: z.string().min(1).max(253),
  port: z.int().min(0).max(65_535),
  /** `auto`: as `host` says. `off`: plain HTTP on every address, behind a proxy that has the certificate. */
  tls: z.enum(['auto', 'off']),
  /** Proxies in front, addresses or networks: whom they say they ask for is counted by limits. */
  trustedProxies: z.array(ProxyAddress),
  /**
   * Addresses browsers reach the media ports at, such as one of IPv4 and one of IPv6. None: 127.0.0.1
   * while the server listens on loopback, otherwise this machine's first.
   */
  announcedAddress: z.array(z.string().min(1).max(253)),
  /** Origins besides the server's own whose pages may connect, such as a development server. */
  allowedOrigins: z.array(z.url()),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  /** Media processes, each with a part of the rooms. */
  mediaProcesses: z.int().min(1).max(64),
  /** File with the secret that links and tokens are made from; empty: one made in state/. */
  secretFile: z.string(),
  /** Longest wait for running meetings after SIGTERM. */
  drainTimeoutMs: z.int().min(0).max(MAX_TIMER_MS),
  rtc: RtcOptions,
  rooms: RoomOptions,
  limits: LimitOptions,
  turn: TurnOptions,
  /** Nobody's words are listened to before they have agreed to it. */
  consentRequired: z.boolean(),
  /** Keep meetings in writing, of those who agree. */
  storeTranscripts: z.boolean(),
  transcripts: TranscriptOptions,
  metrics: MetricsOptions,
  api: ApiOptions,
  webhooks: WebhookOptions,
  cluster: ClusterOptions,
});

export type ServerOptions = z.infer<typeof ServerOptions>;
export type RtcOptions = z.infer<typeof RtcOptions>;
export type RoomOptions = z.infer<typeof RoomOptions>;
export type LimitOptions = z.infer<typeof LimitOptions>;
export type TurnOptions = z.infer<typeof TurnOptions>;
export type TranscriptOptions = z.infer<typeof TranscriptOptions>;
export type MetricsOptions = z.infer<typeof MetricsOptions>;
