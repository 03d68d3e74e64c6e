import { randomInt } from 'node:crypto';
import type { PlainTransport, Router } from 'mediasoup/types';
import type { MediaPorts, RtpStream } from '../../media/messages.ts';
import { ProducerId } from '../protocol/ids.ts';
import { mediaRtpCapabilities, OPUS_PAYLOAD_TYPE, voiceRtpParameters } from './codecs.ts';
import { guarded } from './guard.ts';
import type { MediaLink, SpeechTap, VoiceInjector } from './ports.ts';

const LOOPBACK = '127.0.0.1';

/**
 * Two plain transports of one router, one in each direction, that all streams share by SSRC. Clear
 * RTP is right here and only here: both ends are on the loopback of this machine, and the inbound
 * one takes packets from the media process's voice port alone (comedia off).
 */
export class PlainMediaLink implements MediaLink {
  readonly #out: PlainTransport;
  readonly #in: PlainTransport;
  readonly #ssrcs = new Set<number>();

  private constructor(out: PlainTransport, incoming: PlainTransport) {
    this.#out = out;
    this.#in = incoming;
  }

  static async create(router: Router, ports: MediaPorts): Promise<PlainMediaLink> {
    const open = () =>
      router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: LOOPBACK },
        rtcpMux: true,
        comedia: false,
        enableSctp: false,
      });
    const link = new PlainMediaLink(await open(), await open());
    try {
      await link.#out.connect({ ip: LOOPBACK, port: ports.rtpPort });
      await link.#in.connect({ ip: LOOPBACK, port: ports.voicePort });
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  async tap(producerId: ProducerId): Promise<SpeechTap> {
    return guarded(async () => {
      const consumer = await this.#out.consume({
        producerId,
        rtpCapabilities: mediaRtpCapabilities,
        paused: true,
      });
      const ssrc = consumer.rtpParameters.encodings?.[0]?.ssrc;
      const payloadType = consumer.rtpParameters.codecs[0]?.payloadType;
      if (ssrc === undefined || payloadType === undefined) {
        consumer.close();
        throw new TypeError('a plain consumer came without SSRC or codec');
      }
      return {
        stream: { port: this.#out.tuple.localPort, ssrc, payloadType },
        resume: () => guarded(() => consumer.resume()),
        close: () => {
          consumer.close();
        },
      };
    });
  }

  async inject(): Promise<VoiceInjector> {
    return guarded(async () => {
      const ssrc = this.#freshSsrc();
      const producer = await this.#in.produce({
        kind: 'audio',
        rtpParameters: voiceRtpParameters(ssrc),
      });
      const stream: RtpStream = {
        port: this.#in.tuple.localPort,
        ssrc,
        payloadType: OPUS_PAYLOAD_TYPE,
      };
      return {
        producerId: ProducerId.parse(producer.id),
        stream,
        close: () => {
          this.#ssrcs.delete(ssrc);
          producer.close();
        },
      };
    });
  }

  close(): void {
    this.#out.close();
    this.#in.close();
  }

  /** Random, as RFC 3550 section 8.1 asks, and unused on this transport. */
  #freshSsrc(): number {
    for (;;) {
      const ssrc = randomInt(1, 0xffff_ffff);
      if (this.#ssrcs.has(ssrc)) continue;
      this.#ssrcs.add(ssrc);
      return ssrc;
    }
  }
}
