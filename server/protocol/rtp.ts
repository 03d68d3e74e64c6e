import { z } from 'zod';

/**
 * RTP, ICE and DTLS parameters as mediasoup and mediasoup-client exchange them. Bounded, so that a
 * client cannot make the worker chew on a megabyte; loose inside a codec or extension, because
 * browsers add fields of their own.
 */

const short = z.string().max(256);
const scalar = z.union([short, z.number(), z.boolean(), z.null()]);
const parameters = z.record(short, scalar);
const rtcpFeedback = z.array(z.object({ type: short, parameter: short.optional() })).max(16);

export const RtpCapabilities = z.object({
  codecs: z
    .array(
      z.object({
        kind: z.enum(['audio', 'video']),
        mimeType: short,
        preferredPayloadType: z.number().int().min(0).max(127).optional(),
        clockRate: z.number().int().positive(),
        channels: z.number().int().min(1).max(8).optional(),
        parameters: parameters.optional(),
        rtcpFeedback: rtcpFeedback.optional(),
      }),
    )
    .max(64)
    .optional(),
  headerExtensions: z
    .array(
      z.object({
        kind: z.enum(['audio', 'video']),
        uri: short,
        preferredId: z.number().int().min(1).max(255),
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(64)
    .optional(),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

const ssrc = z.number().int().min(0).max(0xffff_ffff);

export const RtpParameters = z.object({
  mid: short.optional(),
  msid: short.optional(),
  codecs: z
    .array(
      z.object({
        mimeType: short,
        payloadType: z.number().int().min(0).max(127),
        clockRate: z.number().int().positive(),
        channels: z.number().int().min(1).max(8).optional(),
        parameters: parameters.optional(),
        rtcpFeedback: rtcpFeedback.optional(),
      }),
    )
    .min(1)
    .max(16),
  headerExtensions: z
    .array(
      z.object({
        uri: short,
        id: z.number().int().min(1).max(255),
        encrypt: z.boolean().optional(),
        parameters: parameters.optional(),
      }),
    )
    .max(32)
    .optional(),
  encodings: z
    .array(
      z.object({
        ssrc: ssrc.optional(),
        rid: short.optional(),
        codecPayloadType: z.number().int().min(0).max(127).optional(),
        rtx: z.object({ ssrc }).optional(),
        dtx: z.boolean().optional(),
        scalabilityMode: short.optional(),
        maxBitrate: z.number().int().positive().optional(),
      }),
    )
    .max(8)
    .optional(),
  rtcp: z.object({ cname: short.optional(), reducedSize: z.boolean().optional() }).optional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

export const DtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
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
