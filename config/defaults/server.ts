import type { Config } from '../schema.ts';

/** Pages, signalling, rooms and the SFU. */
export const server: Config['server'] = {
  /**
   * Address to listen on. `localhost` means both loopback addresses, over plain HTTP; browsers
   * allow microphones there. Any other address, such as 0.0.0.0, is served over HTTPS with a
   * certificate made in certs/.
   */
  host: 'localhost',
  port: 8080,
  /**
   * Addresses that browsers reach the media ports at, such as one of IPv4 and one of IPv6. None:
   * 127.0.0.1 while listening on loopback, otherwise this machine's first. Behind NAT, the public
   * one.
   */
  announcedAddress: [],
  /** Origins of other pages that may connect, such as a development server's. */
  allowedOrigins: [],
  /** fatal, error, warn, info, debug, trace or silent. */
  logLevel: 'info',

  /**
   * Media processes. Each keeps about one core busy when it is full, and serves up to
   * media.maxStreams people; a meeting stays on one of them.
   */
  mediaProcesses: 1,

  /**
   * File with the secret (32 characters or more) that meeting links and tokens are made from.
   * Empty: one is made in state/ at the first start. Links die with the secret.
   */
  secretFile: '',

  /**
   * After SIGTERM no new meetings are made, and running ones may go on for so long. Ctrl-C ends
   * them at once.
   */
  drainTimeoutMs: 3_600_000,

  /** Media over WebRTC. */
  rtc: {
    /** Media workers, each on a core of its own. 0: one for each core. */
    workers: 0,
    /**
     * UDP and TCP port of the first worker; the next workers take the next ports. 0: any free
     * ports. Set it where a firewall or container has to let media through.
     */
    port: 0,
    /** Tracks that one worker sends; when all send as many, no new meeting gets media. */
    maxConsumersPerWorker: 400,
    /**
     * Bits per second that a browser is asked not to exceed: a voice takes 64,000, a camera in its
     * three sizes 2 million, a screen 2 million.
     */
    maxIncomingBitrate: 4_000_000,
  },

  rooms: {
    /** Meetings that may exist at once, empty ones included. */
    maxRooms: 1_000,
    /** People in one meeting. */
    maxPeers: 16,
    /** People in all meetings together. */
    maxPeersInAll: 200,
    /** A link stops working when nobody has used it for so long. */
    emptyTimeoutMs: 24 * 3_600_000,
    /** Tracks one person receives, originals and translations. */
    maxTracksPerPeer: 64,
    /** The last captions of a meeting, told to those who join later. */
    captionReplay: 100,
    /**
     * Captions kept per meeting while it lasts, for the record that people take along: three hours
     * of steady talk. A line takes 1 to 2 kB of memory with three translations.
     */
    captionsKept: 2_000,
    /** Someone whose connection is lost is shown as reconnecting for so long, then as gone. */
    graceMs: 30_000,
    /** People who may wait in front of one meeting to be let in. */
    maxWaiting: 50,
    /** Who is not let in for so long is sent away. */
    waitMs: 600_000,
  },

  /** What one browser or address may ask of the server. */
  limits: {
    /** Bytes of one signalling request. */
    requestBytes: 65_536,
    /** Requests of one connection in any three seconds. */
    requestsPerSocket: 100,
    /** Requests of one address, which may be a whole office, in any three seconds. */
    requestsPerAddress: 1_000,
    /** New connections of one address in a minute. */
    connectionsPerAddress: 240,
    /** New meetings of one address in a minute. */
    roomsPerAddress: 60,
    /** Links opened at one address in a minute. */
    joinsPerAddress: 240,
    /** Pages that may try their way to the media ports at once, before they join. */
    probes: 64,
    /** Those of one address. */
    probesPerAddress: 16,
    /** How long after a link was opened one may take to join. */
    joinTokenMs: 120_000,
  },

  /** Relays (TURN), for participants whose network lets out nothing but, say, TCP 443. */
  turn: {
    /**
     * Addresses that browsers are given, such as turn:relay.example:3478?transport=udp or
     * turns:relay.example:443?transport=tcp. Empty: none, or those of the relay run here.
     */
    urls: [],
    /** File with the secret shared with the relay (coturn: static-auth-secret). */
    secretFile: '',
    /** How long credentials admit to a relay; a call that runs is not cut. */
    ttlMs: 300_000,
    /** Run Debian's coturn beside this server: what `npm start -- --turn` sets. */
    embedded: false,
    /** Where it listens: UDP and TCP, and TLS. */
    port: 3_478,
    tlsPort: 5_349,
    /** Its certificate and key (PEM); empty: the development certificate of the pages. */
    certFile: '',
    keyFile: '',
    /** UDP ports it relays from; a firewall need not let anyone but this server reach them. */
    minPort: 49_160,
    maxPort: 49_400,
  },

  /**
   * Ask everyone before they join whether their words may be translated. Who does not agree is
   * not listened to by the machine: others hear them as they are.
   */
  consentRequired: false,

  /** Keep meetings in writing, encrypted, of those who agree to it before they join. */
  storeTranscripts: false,
  transcripts: {
    directory: '',
    /** File with the key that wraps the key of each meeting: 32 bytes in base64. */
    keyFile: '',
    retentionMs: 30 * 24 * 3_600_000,
  },
};
