import { generateRouterRtpCapabilities } from 'mediasoup/ortc';
import { ExtensionUri, RtpCapabilities } from '../protocol/rtp.ts';
import { toWire } from './to-wire.ts';

/** Payload type of Opus everywhere behind the router. */
export const OPUS_PAYLOAD_TYPE = 100;

const opus = {
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  /** In-band FEC lets one lost frame be rebuilt; DTX spares the silent line (RFC 7587 section 6.1). */
  parameters: { useinbandfec: 1, usedtx: 1 },
};

/** What every router is made with: Opus for sound, VP8 for pictures, each browser's common ground. */
export const routerCodecs = [
  {
    ...opus,
    kind: 'audio' as const,
    preferredPayloadType: OPUS_PAYLOAD_TYPE,
  },
  {
    kind: 'video' as const,
    mimeType: 'video/VP8',
    clockRate: 90_000,
    preferredPayloadType: 101,
  },
];

const offered = generateRouterRtpCapabilities(routerCodecs);

/** What a router made with these codecs offers, without the extensions that pages do not know. */
export const routerRtpCapabilities = toWire(RtpCapabilities, {
  ...offered,
  headerExtensions: offered.headerExtensions?.filter(
    ({ uri }) => ExtensionUri.safeParse(uri).success,
  ),
});

/**
 * What the media process can receive: bare Opus. It asks for no feedback and no header extensions,
 * since the loopback loses nothing and it reads only sequence, timestamp and payload.
 */
export const mediaRtpCapabilities: RtpCapabilities = {
  codecs: [{ ...opus, kind: 'audio', preferredPayloadType: OPUS_PAYLOAD_TYPE, rtcpFeedback: [] }],
  headerExtensions: [],
};

/** Parameters of a track that the media process sends with this SSRC. */
export function voiceRtpParameters(ssrc: number) {
  return {
    codecs: [{ ...opus, payloadType: OPUS_PAYLOAD_TYPE, rtcpFeedback: [] }],
    encodings: [{ ssrc, dtx: true }],
    rtcp: { cname: `voice-${ssrc.toString(16)}` },
  };
}
