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
   * auto: as above. off: plain HTTP on every address, for a proxy in front that has the
   * certificate; browsers allow microphones on its HTTPS pages only.
   */
  tls: 'auto',
  /**
   * Addresses or networks (10.77.0.0/24) of proxies in front, whose X-Forwarded-For is believed.
   * Limits count addresses: without this everyone behind a proxy shares one.
   */
  trustedProxies: [],
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

  /** Where `/metrics` is, for Prometheus. See docs/operations.md. */
  metrics: {
    /**
     * A port of its own, over plain HTTP, with /healthz and /readyz beside it; /metrics is then no
     * longer on the pages' port. 0: it is there.
     */
    host: '127.0.0.1',
    port: 0,
    /** File with a bearer token (32 characters or more) to show it to; empty: shown to anyone. */
    tokenFile: '',
  },

  /** Several nodes that share their meetings through Redis. See docs/cluster.md. */
  cluster: {
    /**
     * Redis or Valkey, such as redis://parley@redis.internal:6379, or rediss:// over TLS; the same
     * for all nodes. Empty: this server is alone and needs none.
     */
    redisUrl: '',
    /** File with its password; empty: none, or the one in the address. */
    redisPasswordFile: '',
    /** Where browsers reach this node itself, such as https://n1.parley.example. Empty: where it listens. */
    url: '',
    /** How often a node shows that it is there and renews its meetings. */
    beatMs: 4_000,
    /** A node that was not heard of for so long is lost, and others take its meetings. */
    leaseMs: 12_000,
    /** A meeting without people stays on its node for so long. */
    idleMs: 60_000,
    /** Captions stay in Redis for so long after the node of their meeting was last heard of. */
    captionsMs: 900_000,
    /** When a meeting moves, sound goes on at its old node for so long, while people change over. */
    lingerMs: 8_000,
    /** Average time between two meetings that a node hands over before it stops. */
    moveSpacingMs: 200,
  },

  /** The HTTP API for other programs. See docs/api.md. */
  api: {
    /**
     * File with hashes of the tokens that may use it; node server/api/token.ts makes them. Empty:
     * there is no API.
     */
    tokensFile: '',
    /** Requests with one token in a minute. */
    requestsPerToken: 120,
    /** Requests with one token at once. */
    requestsAtOncePerToken: 4,
    /** Recordings and texts worked on at once, of all tokens; the next is refused. */
    jobs: 8,
    /** Of those, requests to the engine at once: what calls may have to wait for. */
    engineRequests: 1,
    /** How long an engine that is full or away is waited for before a request is given up. */
    patienceMs: 60_000,
    /** Bytes of a request with texts. */
    maxBodyBytes: 1_048_576,
    /** Bytes of one recording. */
    maxFileBytes: 2_147_483_648,
    /** Recordings in one request. */
    maxFiles: 20,
    /** Longest recording. */
    maxAudioMs: 4 * 3_600_000,
    /** Characters of a text to be spoken. */
    maxSpeechCharacters: 5_000,
    /** Who sends nothing of a recording for so long, though it is waited for, is hung up on. */
    uploadIdleMs: 30_000,
    /** FFmpeg, which reads and writes files of sound: a name in PATH, or a path. */
    ffmpeg: 'ffmpeg',
  },

  /** What happens in meetings, told to other programs over HTTP. See docs/api.md. */
  webhooks: {
    /** Where to; each gets every event. Empty: nowhere. */
    urls: [],
    /** File with the secret they are signed with: whsec_ and 24 to 64 bytes in base64. */
    secretFile: '',
    /**
     * Which: room.opened, room.ended, participant.joined, participant.left, and transcript.line with
     * what was said by those who agreed to have it kept, where transcripts are.
     */
    events: ['room.opened', 'room.ended', 'participant.joined', 'participant.left'],
    /** Deliveries that may wait at once, for all addresses; beyond them events are dropped. */
    maxPending: 1_000,
    /** Deliveries that are sent at once to one address. */
    concurrency: 4,
    /** Longest wait for an answer. */
    timeoutMs: 10_000,
    /** Pause before the second try; doubles, give or take, up to the longest. */
    firstRetryMs: 2_000,
    longestRetryMs: 600_000,
    /** Given up when so old. */
    giveUpMs: 6 * 3_600_000,
  },
};
