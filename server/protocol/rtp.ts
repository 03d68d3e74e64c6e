import { z } from 'zod';

/**
 * RTP, ICE and DTLS parameters as mediasoup and mediasoup-client exchange them. Bounded, so that a
 * client cannot make the worker chew on a megabyte; loose inside a codec or extension, because
 * browsers add fields of their own.
 */

const short = z.string().max(256);
const scalar = z.union([short, z.number(), z.boolean(), z.null()]);
const parameters = z.record(short, scalar);

/** The header extensions that mediasoup and mediasoup-client both know; no others are offered. */
export const ExtensionUri = z.enum([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
]);

const rtcpFeedback = z.array(z.object({ type: short, parameter: short.exactOptional() })).max(16);

export const RtpCapabilities = z.object({
  codecs: z
    .array(
      z.object({
        kind: z.enum(['audio', 'video']),
        mimeType: short,
        preferredPayloadType: z.number().int().min(0).max(127),
        clockRate: z.number().int().positive(),
        channels: z.number().int().min(1).max(8).exactOptional(),
        parameters: parameters.exactOptional(),
        rtcpFeedback: rtcpFeedback.exactOptional(),
      }),
    )
    .max(64)
    .exactOptional(),
  headerExtensions: z
    .array(
      z.object({
        kind: z.enum(['audio', 'video']),
        uri: ExtensionUri,
        preferredId: z.number().int().min(1).max(255),
        preferredEncrypt: z.boolean().exactOptional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).exactOptional(),
      }),
    )
    .max(64)
    .exactOptional(),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

const ssrc = z.number().int().min(0).max(0xffff_ffff);

export const RtpParameters = z.object({
  mid: short.exactOptional(),
  msid: short.exactOptional(),
  codecs: z
    .array(
      z.object({
        mimeType: short,
        payloadType: z.number().int().min(0).max(127),
        clockRate: z.number().int().positive(),
        channels: z.number().int().min(1).max(8).exactOptional(),
        parameters: parameters.exactOptional(),
        rtcpFeedback: rtcpFeedback.exactOptional(),
      }),
    )
    .min(1)
    .max(16),
  headerExtensions: z
    .array(
      z.object({
        uri: ExtensionUri,
        id: z.number().int().min(1).max(255),
        encrypt: z.boolean().exactOptional(),
        parameters: parameters.exactOptional(),
      }),
    )
    .max(32)
    .exactOptional(),
  encodings: z
    .array(
      z.object({
        ssrc: ssrc.exactOptional(),
        rid: short.exactOptional(),
        codecPayloadType: z.number().int().min(0).max(127).exactOptional(),
        rtx: z.object({ ssrc }).exactOptional(),
        dtx: z.boolean().exactOptional(),
        scalabilityMode: short.exactOptional(),
        maxBitrate: z.number().int().positive().exactOptional(),
      }),
    )
    .max(8)
    .exactOptional(),
  rtcp: z
    .object({ cname: short.exactOptional(), reducedSize: z.boolean().exactOptional() })
    .exactOptional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

/** Layers of one picture that a browser may send: small, middle and large. */
const MAX_LAYERS = 3;

/**
 * Whether parameters describe one track of this kind: codecs of it alone, sound in one stream, a
 * picture in at most three, all of them told apart by SSRC or all by name (RFC 8852).
 */
export function describes(kind: 'audio' | 'video', { codecs, encodings = [] }: RtpParameters) {
  const own = codecs.every(({ mimeType }) => mimeType.toLowerCase().startsWith(`${kind}/`));
  const named = encodings.filter(({ rid }) => rid !== undefined);
  const rids = new Set(named.map(({ rid }) => rid));
  const alike =
    named.length === 0 || (named.length === encodings.length && rids.size === named.length);
  return own && alike && encodings.length <= (kind === 'audio' ? 1 : MAX_LAYERS);
}

export const DtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).exactOptional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^([0-9A-Fa-f]{2}:){19,63}[0-9A-Fa-f]{2}$/),
      }),
    )
    .min(1)
    .max(8),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

export interface IceParameters {
  readonly usernameFragment: string;
  readonly password: string;
  readonly iceLite?: boolean;
}

export interface IceCandidate {
  readonly foundation: string;
  readonly priority: number;
  readonly address: string;
  readonly ip: string;
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
  readonly tcpType?: 'active' | 'passive' | 'so';
}
