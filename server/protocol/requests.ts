import { z } from 'zod';
import { Detect } from './detection.ts';
import {
  ConsumerId,
  DisplayName,
  HearChoice,
  LanguageTag,
  PeerId,
  ProducerId,
  TransportId,
  VoicePreference,
} from './ids.ts';
import { describes, DtlsParameters, RtpCapabilities, RtpParameters } from './rtp.ts';
import type { IceCandidate, IceParameters } from './rtp.ts';
import type { IceServer } from './ice.ts';
import { hostRequests } from './hosting.ts';
import { expressionRequests } from './expression.ts';
import type { ChatMessage } from './chat.ts';
import type { LobbyGuest, RoomPolicy } from './hosting.ts';
import type {
  AudienceMember,
  CaptionEvent,
  EngineInfo,
  PeerInfo,
  TranscriptState,
  TranslationState,
} from './events.ts';
import type { Ack } from './errors.ts';
import type { Role } from './ids.ts';
import type { RecordPage } from './record.ts';
import { kindOf, Source } from './sources.ts';
import type { CallStats } from './stats.ts';

/** Client to server. Each request is one strict object and is answered by one acknowledgement. */
export const requests = {
  /** Is the way to the server open? */
  ping: z.strictObject({}),
  getRouterRtpCapabilities: z.strictObject({}),
  /** Before joining: a transport to try the way to the SFU with, for 15 s. */
  probe: z.strictObject({}),
  join: z.strictObject({
    displayName: DisplayName,
    speak: LanguageTag,
    hear: HearChoice,
    hearOwn: z.boolean(),
    /** Left out: as `speak` says. */
    detect: Detect.optional(),
    /** Left out: automatic, or as it was. */
    voice: VoicePreference.optional(),
    rtpCapabilities: RtpCapabilities,
    /** Whoever asks agrees that what they say is kept in writing, where the server does that. */
    keepWords: z.boolean(),
    /**
     * Whether what they say may be heard by the machine. Left out: as it was, at first yes, or no
     * where the server requires consent.
     */
    consent: z.boolean().optional(),
    /** For someone who comes back: the highest `revision` of a caption they have. */
    captionsAfter: z.int().min(0).optional(),
  }),
  leave: z.strictObject({}),
  createWebRtcTransport: z.strictObject({ direction: z.enum(['send', 'recv']) }),
  connectWebRtcTransport: z.strictObject({
    transportId: TransportId,
    dtlsParameters: DtlsParameters,
  }),
  restartIce: z.strictObject({ transportId: TransportId }),
  produce: z
    .strictObject({
      transportId: TransportId,
      kind: z.enum(['audio', 'video']),
      source: Source,
      rtpParameters: RtpParameters,
      /** Start muted. A second producer of the same source replaces the first. */
      paused: z.boolean().optional(),
    })
    .refine(
      ({ kind, source, rtpParameters }) =>
        kind === kindOf(source) && describes(kind, rtpParameters),
      'not one track of this source',
    ),
  closeProducer: z.strictObject({ producerId: ProducerId }),
  pauseProducer: z.strictObject({ producerId: ProducerId }),
  resumeProducer: z.strictObject({ producerId: ProducerId }),
  pauseConsumer: z.strictObject({ consumerId: ConsumerId }),
  resumeConsumer: z.strictObject({ consumerId: ConsumerId }),
  /** How large a picture is wanted: 0 is the smallest of the three layers it is sent in. */
  consumerLayers: z.strictObject({ consumerId: ConsumerId, spatial: z.int().min(0).max(2) }),
  'translation:setLanguages': z.strictObject({
    speak: LanguageTag.optional(),
    hear: HearChoice.optional(),
    hearOwn: z.boolean().optional(),
    detect: Detect.optional(),
    voice: VoicePreference.optional(),
    consent: z.boolean().optional(),
  }),
  /** Those the caller hears as they are, whatever "I hear" is; takes the place of the last list. */
  'translation:setOriginals': z.strictObject({ of: z.array(PeerId).max(64) }),
  /** Sound of the caller below this level (dBFS) is no speech; `null`: nothing is too quiet. */
  'speech:setGate': z.strictObject({ gateDb: z.number().min(-90).max(0).nullable() }),
  'call:stats': z.strictObject({}),
  /** Into which languages was anything translated that the caller may read? */
  'captions:languages': z.strictObject({}),
  /** The finished lines the caller may read, as said and in one other language, part by part. */
  'captions:export': z.strictObject({
    language: HearChoice,
    /** Lines behind this `sequence`; from the first without it. */
    after: z.int().min(0).optional(),
  }),
  ...hostRequests,
  ...expressionRequests,
} as const;

export type RequestName = keyof typeof requests;
export type RequestData<N extends RequestName> = z.infer<(typeof requests)[N]>;

/** What the server still holds of someone's media. Empty for a newcomer, and after a reset. */
export interface HeldMedia {
  readonly transports: readonly TransportId[];
  readonly producers: readonly ProducerId[];
  readonly consumers: readonly ConsumerId[];
}

/** The whole state of a room as one participant may know it: for newcomers and those who return. */
export interface JoinResult {
  readonly peerId: PeerId;
  readonly role: Role;
  /** For the socket's `auth` from now on: whoever comes with it comes back as the same person. */
  readonly session: string;
  /** See Stamp in events.ts. */
  readonly generation: number;
  readonly media: HeldMedia;
  /** Everyone in the room, you included. */
  readonly peers: readonly PeerInfo[];
  /**
   * In the language asked for. For newcomers recent finished lines, oldest first; for those who
   * return every line that has changed since `captionsAfter`, as it is now.
   */
  readonly captions: readonly CaptionEvent[];
  /** The last messages, oldest first. */
  readonly chat: readonly ChatMessage[];
  readonly states: readonly TranslationState[];
  readonly audience: readonly AudienceMember[];
  readonly engine: EngineInfo;
  /** Set while the server waits for its meetings to end: when it ends them, ms since 1970. */
  readonly endsAt?: number;
  readonly transcript: TranscriptState;
  readonly policy: RoomPolicy;
  /** Set for hosts: who waits to be let in. */
  readonly waiting?: readonly LobbyGuest[];
}

export interface TransportInfo {
  readonly id: TransportId;
  readonly iceParameters: IceParameters;
  readonly iceCandidates: readonly IceCandidate[];
  readonly dtlsParameters: DtlsParameters;
  /** Relays to try, with credentials for the next minutes. */
  readonly iceServers: readonly IceServer[];
}

/** Answer to `restartIce`. */
export interface IceRestart {
  readonly iceParameters: IceParameters;
  /** With fresh credentials. */
  readonly iceServers: readonly IceServer[];
}

type Done = Record<string, never>;

export interface Responses extends Record<
  keyof typeof hostRequests | keyof typeof expressionRequests,
  Done
> {
  ping: Record<string, never>;
  getRouterRtpCapabilities: { readonly rtpCapabilities: RtpCapabilities };
  probe: TransportInfo;
  join: JoinResult;
  leave: Record<string, never>;
  createWebRtcTransport: TransportInfo;
  connectWebRtcTransport: Record<string, never>;
  restartIce: IceRestart;
  produce: { readonly producerId: ProducerId };
  closeProducer: Record<string, never>;
  pauseProducer: Record<string, never>;
  resumeProducer: Record<string, never>;
  pauseConsumer: Record<string, never>;
  resumeConsumer: Record<string, never>;
  consumerLayers: Record<string, never>;
  'translation:setLanguages': Record<string, never>;
  'translation:setOriginals': Record<string, never>;
  'speech:setGate': Record<string, never>;
  'call:stats': CallStats;
  'captions:languages': { readonly languages: readonly LanguageTag[] };
  'captions:export': RecordPage;
}

export type ClientToServerEvents = {
  [N in RequestName]: (data: RequestData<N>, ack: (answer: Ack<Responses[N]>) => void) => void;
};
