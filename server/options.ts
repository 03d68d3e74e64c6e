import { z } from 'zod';

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
  /** Finished captions kept for those who join later, per room. */
  captionReplay: z.int().min(0).max(1_000),
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
});

/** Options of the server process. Every field is required; defaults are in config/defaults.ts. */
export const ServerOptions = z.strictObject({
  /** Address to listen on. Anything but loopback is served over HTTPS. */
  host: z.string().min(1).max(253),
  port: z.int().min(0).max(65_535),
  /**
   * Address browsers reach the media ports at. Empty: 127.0.0.1 while the server listens on
   * loopback, otherwise this machine's first address.
   */
  announcedAddress: z.string().max(253),
  /** Origins besides the server's own whose pages may connect, such as a development server. */
  allowedOrigins: z.array(z.url()),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  /** Media processes, each with a part of the rooms. */
  mediaProcesses: z.int().min(1).max(64),
  rtc: RtcOptions,
  rooms: RoomOptions,
  limits: LimitOptions,
});

export type ServerOptions = z.infer<typeof ServerOptions>;
export type RtcOptions = z.infer<typeof RtcOptions>;
export type RoomOptions = z.infer<typeof RoomOptions>;
export type LimitOptions = z.infer<typeof LimitOptions>;
