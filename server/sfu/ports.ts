import type { MediaPorts, RtpStream } from '../../media/messages.ts';
import type {
  DtlsParameters,
  IceParameters,
  RtpCapabilities,
  RtpParameters,
} from '../protocol/rtp.ts';
import type { TransportInfo } from '../protocol/requests.ts';
import type { ConsumerId, ProducerId, TransportId } from '../protocol/ids.ts';

/**
 * What rooms need of a selective forwarding unit. Every `close()` is idempotent and closes what was
 * made through the object; calls on something that is gone reject with a RequestError 'unavailable'.
 */
export interface Sfu {
  /** What every router offers; known without one. */
  readonly rtpCapabilities: RtpCapabilities;
  /** A router on the least loaded worker; waits while workers are being replaced. */
  createRouter(events: RouterEvents): Promise<SfuRouter>;
}

export interface RouterEvents {
  /** The router is gone though nobody closed it. Called at most once. */
  onLost(): void;
  /** Loudest original tracks, 0 to 1; an empty list when all fell silent. */
  onLevels(levels: readonly SpeakerLevel[]): void;
}

export interface SpeakerLevel {
  readonly producerId: ProducerId;
  readonly level: number;
}

export interface SfuRouter {
  createWebRtcTransport(onClosed: () => void): Promise<SfuTransport>;
  /** Plain loopback transports to and from a media process. */
  openMediaLink(ports: MediaPorts): Promise<MediaLink>;
  close(): void;
}

/** A browser's transport. `onClosed` at its creation tells that the browser ended it. */
export interface SfuTransport {
  readonly id: TransportId;
  readonly info: Omit<TransportInfo, 'iceServers'>;
  /** Repeated with the same parameters, it changes nothing. */
  connect(dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(): Promise<IceParameters>;
  produce(options: ProduceOptions): Promise<SfuProducer>;
  /** The consumer starts paused. `onScore` as in ProduceOptions, of what the browser receives. */
  consume(
    producerId: ProducerId,
    rtpCapabilities: RtpCapabilities,
    onScore?: (score: number) => void,
  ): Promise<SfuConsumer>;
  close(): void;
}

export interface ProduceOptions {
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
  /** Told how much of the track arrives, 0 (nothing) to 10 (all), whenever that changes. */
  readonly onScore?: (score: number) => void;
}

export interface SfuProducer {
  readonly id: ProducerId;
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): void;
}

export interface SfuConsumer {
  readonly id: ConsumerId;
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: RtpParameters;
  pause(): Promise<void>;
  /** A picture begins with a whole frame. */
  resume(): Promise<void>;
  /** Of a picture in layers, the largest that is to come, 0 the smallest; less where the way is narrow. */
  preferLayer(spatial: number): Promise<void>;
  close(): void;
}

/** The pair of plain transports between one router and the media process. */
export interface MediaLink {
  /** Copies a producer's packets to the media process, once resumed. */
  tap(producerId: ProducerId): Promise<SpeechTap>;
  /** Opens a track the media process speaks on. */
  inject(): Promise<VoiceInjector>;
  close(): void;
}

export interface SpeechTap {
  readonly stream: RtpStream;
  resume(): Promise<void>;
  close(): void;
}

export interface VoiceInjector {
  readonly producerId: ProducerId;
  readonly stream: RtpStream;
  close(): void;
}
