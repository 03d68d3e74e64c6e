import type { types } from 'mediasoup-client';
import type { RtpCapabilities, RtpParameters } from '../../server/protocol/rtp.ts';

/**
 * RTP parameters between the wire, where every value is a bounded scalar, and mediasoup-client,
 * whose types name each known header extension and leave codec parameters open.
 */

type Scalar = string | number | boolean | null;
type WireUri = NonNullable<RtpParameters['headerExtensions']>[number]['uri'];
type Uri = WireUri & types.RtpHeaderExtensionUri;

/** Header extensions known on both sides. */
const extensions: ReadonlySet<string> = new Set<Uri>([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
]);

function isKnown(uri: string): uri is Uri {
  return extensions.has(uri);
}

function known<T extends { readonly uri: string }>(headers: readonly T[] = []) {
  return headers.flatMap((header) => (isKnown(header.uri) ? [{ ...header, uri: header.uri }] : []));
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function scalars(parameters: Record<string, unknown> = {}): Record<string, Scalar> {
  const kept: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (isScalar(value)) kept[name] = value;
  }
  return kept;
}

const wireCodecs = <T extends { parameters?: Record<string, unknown> }>(codecs: T[] = []) =>
  codecs.map((codec) => ({ ...codec, parameters: scalars(codec.parameters) }));

export function capabilitiesFromWire(capabilities: RtpCapabilities): types.RtpCapabilities {
  return { ...capabilities, headerExtensions: known(capabilities.headerExtensions) };
}

export function capabilitiesToWire(capabilities: types.RtpCapabilities): RtpCapabilities {
  return {
    codecs: wireCodecs(capabilities.codecs),
    headerExtensions: known(capabilities.headerExtensions),
  };
}

export function parametersFromWire(parameters: RtpParameters): types.RtpParameters {
  return { ...parameters, headerExtensions: known(parameters.headerExtensions) };
}

export function parametersToWire(parameters: types.RtpParameters): RtpParameters {
  return {
    mid: parameters.mid,
    msid: parameters.msid,
    codecs: wireCodecs(parameters.codecs),
    headerExtensions: known(parameters.headerExtensions).map(({ uri, id, encrypt }) => ({
      uri,
      id,
      encrypt,
    })),
    encodings: parameters.encodings?.map((encoding) => {
      const { ssrc, rid, rtx, dtx, scalabilityMode, maxBitrate } = encoding;
      return { ssrc, rid, rtx, dtx, scalabilityMode, maxBitrate };
    }),
    rtcp: { cname: parameters.rtcp?.cname, reducedSize: parameters.rtcp?.reducedSize },
  };
}
