import { z } from 'zod';
import {
  ConsumerId,
  DisplayName,
  HearChoice,
  LanguageTag,
  ProducerId,
  RoomId,
  TransportId,
} from './ids.ts';
import { DtlsParameters, RtpCapabilities, RtpParameters } from './rtp.ts';
import type { IceCandidate, IceParameters } from './rtp.ts';
import type { CaptionEvent, EngineInfo, PeerInfo, TranslationState } from './events.ts';
import type { Ack } from './errors.ts';
import type { PeerId } from './ids.ts';
import type { CallStats } from './stats.ts';

/** Client to server. Each request is one strict object and is answered by one acknowledgement. */
export const requests = {
  getRouterRtpCapabilities: z.strictObject({ roomId: RoomId }),
  join: z.strictObject({
    roomId: RoomId,
    displayName: DisplayName,
    speak: LanguageTag,
    hear: HearChoice,
    hearOwn: z.boolean(),
    rtpCapabilities: RtpCapabilities,
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

export interface JoinResult {
  readonly peerId: PeerId;
  /** Everyone in the room, you included. */
  readonly peers: readonly PeerInfo[];
  /** Recent finished captions in the language asked for, oldest first, so a late joiner can follow. */
  readonly captions: readonly CaptionEvent[];
  readonly states: readonly TranslationState[];
  readonly engine: EngineInfo;
}

export interface TransportInfo {
  readonly id: TransportId;
  readonly iceParameters: IceParameters;
  readonly iceCandidates: readonly IceCandidate[];
  readonly dtlsParameters: DtlsParameters;
}

export interface Responses {
  getRouterRtpCapabilities: { readonly rtpCapabilities: RtpCapabilities };
  join: JoinResult;
  leave: Record<string, never>;
  createWebRtcTransport: TransportInfo;
  connectWebRtcTransport: Record<string, never>;
  restartIce: { readonly iceParameters: IceParameters };
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
