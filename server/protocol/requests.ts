import { z } from 'zod';
import {
  ConsumerId,
  DisplayName,
  HearChoice,
  LanguageTag,
  ProducerId,
  TransportId,
} from './ids.ts';
import { DtlsParameters, RtpCapabilities, RtpParameters } from './rtp.ts';
import type { IceCandidate, IceParameters } from './rtp.ts';
import type { IceServer } from './ice.ts';
import type {
  CaptionEvent,
  EngineInfo,
  PeerInfo,
  TranscriptState,
  TranslationState,
} from './events.ts';
import type { Ack } from './errors.ts';
import type { PeerId, Role } from './ids.ts';
import type { CallStats } from './stats.ts';

/** Client to server. Each request is one strict object and is answered by one acknowledgement. */
export const requests = {
  /** Is the way to the server open? */
  ping: z.strictObject({}),
  getRouterRtpCapabilities: z.strictObject({}),
  join: z.strictObject({
    displayName: DisplayName,
    speak: LanguageTag,
    hear: HearChoice,
    hearOwn: z.boolean(),
    rtpCapabilities: RtpCapabilities,
    /** Whoever asks agrees that what they say is kept in writing, where the server does that. */
    keepWords: z.boolean(),
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
  produce: z.strictObject({
    transportId: TransportId,
    kind: z.literal('audio'),
    source: z.enum(['microphone', 'tab']),
    rtpParameters: RtpParameters,
    /** Start muted. A second producer of the same source replaces the first. */
    paused: z.boolean().optional(),
  }),
  closeProducer: z.strictObject({ producerId: ProducerId }),
  pauseProducer: z.strictObject({ producerId: ProducerId }),
  resumeProducer: z.strictObject({ producerId: ProducerId }),
  pauseConsumer: z.strictObject({ consumerId: ConsumerId }),
  resumeConsumer: z.strictObject({ consumerId: ConsumerId }),
  'translation:setLanguages': z.strictObject({
    speak: LanguageTag.optional(),
    hear: HearChoice.optional(),
    hearOwn: z.boolean().optional(),
  }),
  'call:stats': z.strictObject({}),
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
  readonly states: readonly TranslationState[];
  readonly engine: EngineInfo;
  /** Set while the server waits for its meetings to end: when it ends them, ms since 1970. */
  readonly endsAt?: number;
  readonly transcript: TranscriptState;
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

export interface Responses {
  ping: Record<string, never>;
  getRouterRtpCapabilities: { readonly rtpCapabilities: RtpCapabilities };
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
  'translation:setLanguages': Record<string, never>;
  'call:stats': CallStats;
}

export type ClientToServerEvents = {
  [N in RequestName]: (data: RequestData<N>, ack: (answer: Ack<Responses[N]>) => void) => void;
};
