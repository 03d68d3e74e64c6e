import { isDeepStrictEqual } from 'node:util';
import type { AudioLevelObserver, Consumer, Producer, WebRtcTransport } from 'mediasoup/types';
import { ConsumerId, ProducerId, TransportId } from '../protocol/ids.ts';
import { RtpParameters } from '../protocol/rtp.ts';
import type { DtlsParameters, IceParameters, RtpCapabilities } from '../protocol/rtp.ts';
import { guarded } from './guard.ts';
import type { ProduceOptions, SfuConsumer, SfuProducer, SfuTransport } from './ports.ts';
import { toWire } from './to-wire.ts';

interface BrowserTransportOptions {
  /** Hears every track that browsers send through this router. */
  readonly levels: AudioLevelObserver;
  /** The browser ended the connection, or its handshake failed. */
  readonly onClosed: () => void;
}

/** One direction of one browser. */
export class BrowserTransport implements SfuTransport {
  readonly id: TransportId;
  readonly #transport: WebRtcTransport;
  readonly #levels: AudioLevelObserver;
  #connecting: { readonly with: DtlsParameters; readonly done: Promise<void> } | undefined;

  constructor(transport: WebRtcTransport, { levels, onClosed }: BrowserTransportOptions) {
    this.id = TransportId.parse(transport.id);
    this.#transport = transport;
    this.#levels = levels;
    // Loss of ICE consent is no reason to close: the client may still restart ICE.
    transport.on('dtlsstatechange', (state) => {
      if (state !== 'closed' && state !== 'failed') return;
      transport.close();
      onClosed();
    });
  }

  get info(): SfuTransport['info'] {
    const { iceParameters, iceCandidates, dtlsParameters } = this.#transport;
    return { id: this.id, iceParameters, iceCandidates, dtlsParameters };
  }

  async connect(dtlsParameters: DtlsParameters): Promise<void> {
    if (!isDeepStrictEqual(this.#connecting?.with, dtlsParameters)) {
      const done = guarded(() => this.#transport.connect({ dtlsParameters }));
      this.#connecting ??= { with: dtlsParameters, done };
      return done;
    }
    return this.#connecting?.done;
  }

  async restartIce(): Promise<IceParameters> {
    return guarded(() => this.#transport.restartIce());
  }

  async produce({ kind, rtpParameters, paused, onScore }: ProduceOptions): Promise<SfuProducer> {
    return guarded(async () => {
      const producer = await this.#transport.produce({ kind, rtpParameters, paused });
      producer.on('score', (scores) => {
        onScore?.(Math.min(10, ...scores.map(({ score }) => score)));
      });
      if (kind === 'audio') await this.#levels.addProducer({ producerId: producer.id });
      return browserProducer(producer);
    });
  }

  async consume(
    producerId: ProducerId,
    rtpCapabilities: RtpCapabilities,
    onScore?: (score: number) => void,
  ): Promise<SfuConsumer> {
    return guarded(async () => {
      const options = { producerId, rtpCapabilities, paused: true };
      const consumer = await this.#transport.consume(options);
      consumer.on('score', ({ score }) => {
        onScore?.(score);
      });
      return browserConsumer(consumer);
    });
  }

  close(): void {
    this.#transport.close();
  }
}

function browserProducer(producer: Producer): SfuProducer {
  return {
    id: ProducerId.parse(producer.id),
    pause: () => guarded(() => producer.pause()),
    resume: () => guarded(() => producer.resume()),
    close: () => {
      producer.close();
    },
  };
}

function browserConsumer(consumer: Consumer): SfuConsumer {
  return {
    id: ConsumerId.parse(consumer.id),
    kind: consumer.kind,
    rtpParameters: toWire(RtpParameters, consumer.rtpParameters),
    pause: () => guarded(() => consumer.pause()),
    resume: () => guarded(() => consumer.resume()),
    preferLayer: (spatialLayer) => guarded(() => consumer.setPreferredLayers({ spatialLayer })),
    close: () => {
      consumer.close();
    },
  };
}
