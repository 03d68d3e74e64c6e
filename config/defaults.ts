import type { Config } from './schema.ts';

/**
 * Every setting and its default. An environment variable overrides each: PARLEY_ and the key path
 * in capitals, without the group `server`. So `server.port` is PARLEY_PORT, `server.rooms.maxPeers`
 * is PARLEY_ROOMS_MAX_PEERS and `media.vadMinSilenceMs` is PARLEY_MEDIA_VAD_MIN_SILENCE_MS. Lists
 * are written with commas. Times are milliseconds.
 */
export const defaults: Config = {
  /** Pages, signalling, rooms and the SFU. */
  server: {
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
  },

  /** Packets, speech detection, and the translated voice. */
  media: {
    /** fatal, error, warn, info, debug, trace or silent. */
    logLevel: 'info',

    /**
     * People one media process serves at once; above it a join is refused rather than all served
     * badly. More processes: server.mediaProcesses.
     */
    maxStreams: 200,

    /** Kernel buffer of the one RTP socket; what the kernel grants may be less. */
    rtpReceiveBufferBytes: 4_194_304,

    /** Longest wait for a packet that is missing. In-order packets never wait. */
    jitterHoldMs: 60,
    /** Packets kept behind a gap before it is given up. */
    jitterPackets: 50,

    /** Without any packet for so long, a running utterance is taken to be over. */
    stallMs: 1_000,
    /** Decoded speech that may wait for the recogniser; beyond it the oldest is dropped. */
    speechQueueMs: 8_000,

    /** File with a graph of Silero VAD, v5 or v6; empty: the v5 that comes along. See docs/models.md. */
    vadModel: '',
    /**
     * Longest wait of a window of speech for those of others, to be judged with them in one run; with
     * one or two people speaking none waits. 0: never.
     */
    vadGatherMs: 10,

    /** Probability from which 32 ms of sound count as speech. */
    vadThreshold: 0.5,
    /** Probability below which speech is taken to pause; lower than the threshold. */
    vadRelease: 0.35,
    /** Shorter bursts are not speech. */
    vadMinSpeechMs: 200,
    /** Silence that ends an utterance: longer is slower, shorter cuts sentences. */
    vadMinSilenceMs: 500,
    /** Sound before the first speech that belongs to the utterance. */
    vadPreRollMs: 300,
    /** Silence after speech that is still sent to the recogniser. */
    vadPostRollMs: 200,
    /** Longest utterance; speech that goes on is cut at its quietest place. */
    vadMaxUtteranceMs: 15_000,
    /** How far back from the longest utterance the quietest place is looked for. */
    vadCutSearchMs: 2_000,

    /** Speech gathered before a part of an utterance is sent to the recogniser. */
    speechPartMs: 500,
    /** Longest wait for one answer of the recogniser. */
    speechTimeoutMs: 20_000,
    /** Longest wait for one answer of the voice. */
    voiceTimeoutMs: 10_000,
    /** Translated phrases that may wait for their voice; beyond it the oldest is dropped. */
    voiceQueuePhrases: 8,
    /** Written texts that may be on their way through the engine; the next is refused. */
    textQueue: 16,
    /** Longest wait for one of them. */
    textTimeoutMs: 30_000,
    /** How often the engine is asked whether it is ready. */
    enginePollMs: 500,
    /** How long a failed request waits for the engine to come back before its one retry. */
    engineRecoveryMs: 5_000,
    /** Unreachable for so long, the engine is reported as failed. */
    engineFailedMs: 30_000,

    /** Translated voice that may wait to be played; beyond it the oldest phrase is dropped. */
    playoutMs: 30_000,
    /**
     * The band in which a translated voice is held behind the speaker, counted from the end of
     * their words. Below it a voice is played as it is; within it pauses are shortened and speech
     * gets faster by degrees, at its upper end by `maxTempo`.
     */
    lagLowMs: 2_000,
    lagHighMs: 4_500,
    /** A phrase that would begin later than this after its words is left to its caption. */
    lagMaxMs: 20_000,
    /** How much faster than spoken a voice may be played; 1 is never. */
    maxTempo: 1.25,
    /** Longest stall made good by sending at once what was missed; longer ones are skipped. */
    pacerCatchUpMs: 100,
    /** Bits per second of a translated voice. */
    opusBitrate: 32_000,
    /** 0 (cheap) to 10 (best). */
    opusComplexity: 5,
    /** Packet loss the encoder prepares for with in-band FEC. */
    opusLossPercent: 10,
  },

  /** Speech to text, text to text, text to voice. */
  inference: {
    /**
     * Base address of an Open Inference Protocol server with the models `speech` and `voice`, such
     * as http://gpu.example:8000. Empty: the offline engine is started here, and the rest of this
     * group is about it.
     */
    url: '',
    /** fatal, error, warn, info, debug, trace or silent. */
    logLevel: 'info',

    /** Where the engine listens; it is meant for this machine's own media process. */
    host: '127.0.0.1',
    /** 0: any free port. */
    port: 0,
    /** Larger request bodies are refused. */
    maxBodyBytes: 8_388_608,

    /**
     * What hears and translates: `auto` is the best model that is here (npm run models), otherwise
     * the offline engine; or `offline`, a model's name, or a folder with a model of Canary's form.
     */
    speech: 'auto',
    /**
     * What tells which language is spoken, for "Detect" in "I speak": `auto` is the model
     * voxlingua107-ecapa where its folder is among the models; or `off`, or the folder of such a
     * model: one graph (.onnx) with its list of languages, label_encoder.txt or labels.txt.
     */
    identify: 'auto',
    /**
     * What takes Canary's English onward into other languages, and what people write: `auto` is
     * m2m100-418m where it is here; or `off`, or a folder with a model of M2M100's form.
     */
    text: 'auto',
    /**
     * What speaks: `auto` is the best voice that is here (npm run models), with espeak-ng for the
     * languages it does not speak; or `espeak` alone, a model's name, or a folder with a model of
     * Supertonic's form.
     */
    voice: 'auto',
    /** Folder of downloaded models (npm run models); empty: ~/.local/share/parley/models. */
    models: '',

    /** Utterances decoded at the same time, each by a decoder of about 170 MB. */
    decoders: 2,
    /** Utterances that may wait for a decoder; the next is refused. */
    waitingUtterances: 16,
    /** Longest utterance taken; longer than the media process ever sends. */
    maxUtteranceMs: 45_000,
    /** An utterance of which nothing was heard for so long is given up. */
    idleUtteranceMs: 30_000,
    /** Texts that may wait for one translator; the next is refused. */
    translatorQueue: 64,
    /** Texts that may wait for the voice; the next is refused. */
    voiceQueue: 64,

    /** A program that has not said that it is ready by then is killed. */
    startDeadlineMs: 60_000,
    /** A recogniser that has not answered by then, plus the duration of the audio, is killed. */
    recogniserDeadlineMs: 10_000,
    /** A translator that has not answered by then is killed. */
    translatorDeadlineMs: 5_000,
    /** A voice that has not spoken a phrase by then is killed. */
    voiceDeadlineMs: 8_000,
    /** How long a request waits for a program that is restarting. */
    patienceMs: 5_000,
    /** Pause before a dead program's first restart; doubles with every quick death. */
    backoffMs: 250,
    /** Longest pause before a restart. */
    maxBackoffMs: 4_000,

    /** Canary, where it is the engine. */
    canary: {
      /** auto, cpu or cuda. */
      device: 'auto',
      /** Threads of a run; 0: one for each core. */
      threads: 0,
      /** Utterances heard in one run. */
      maxBatch: 4,
      /** Longest utterance taken: the model repeats itself beyond 40 s. */
      maxUtteranceMs: 40_000,
      /** Pause between two readings of an utterance that is still being spoken. */
      rereadMs: 1_000,
      /** A batch that has not been read by then, plus its duration, kills the process. */
      runDeadlineMs: 20_000,
      /** A process that has not loaded the model by then is killed. */
      loadDeadlineMs: 180_000,
    },

    /** M2M100, where it translates texts. */
    m2m100: {
      /** Threads of a run; 0: one for each core. */
      threads: 0,
      /** What it has not translated so long after an utterance was heard is lost in that language. */
      utteranceDeadlineMs: 8_000,
      /** A process that has not translated a sentence by then is killed. */
      runDeadlineMs: 15_000,
      /** A process that has not loaded the model by then is killed. */
      loadDeadlineMs: 120_000,
    },

    /** Supertonic, where it speaks. */
    supertonic: {
      /** auto, cpu or cuda. */
      device: 'auto',
      /** Threads of a run; 0: one for each core. */
      threads: 0,
      /** Runs of its largest graph for each phrase, 5 to 12: more sound better and take longer. */
      steps: 8,
      /** How much faster than the model would by itself. */
      speed: 1.05,
      /** Phrases that may wait; the next is left to another voice. */
      queue: 8,
      /** A process that has not loaded the model by then is killed. */
      loadDeadlineMs: 60_000,
    },

    /** Silero's voices, which a Python process speaks with. See docs/models.md. */
    silero: {
      /** A Python that has torch, such as Debian's with python3-torch, or that of a venv. */
      python: '/usr/bin/python3',
      /**
       * Voices such as silero-ru (npm run models), or packages elsewhere with the SHA-256 of their
       * contents: /models/v4_ua.pt#<64 hex digits>. They go before other voices. Empty: none.
       */
      models: [],
    },

    /** Debian's PocketSphinx model for US English. */
    pocketsphinxModel: '/usr/share/pocketsphinx/model/en-us',
    /** Debian's Apertium modes. */
    apertiumModes: '/usr/share/apertium/modes',
  },
};
