import { Application, createEncoder, Signal } from 'libopus-wasm';
import { RtpPacket } from 'rtp.js/packets';
import { AudioPacket } from '../../media/rtp/packet.ts';

export interface RtpFields {
  readonly sequence: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly payloadType?: number;
  readonly marker?: boolean;
  readonly payload?: Uint8Array;
}

/** The bytes of one RTP packet. */
export function rtpDatagram(fields: RtpFields): Uint8Array {
  const payload = fields.payload ?? Uint8Array.of(0xf8, 1, 2, 3);
  const packet = new RtpPacket();
  packet.setSequenceNumber(fields.sequence);
  packet.setTimestamp(fields.timestamp ?? (fields.sequence * 960) % 0x1_0000_0000);
  packet.setSsrc(fields.ssrc ?? 1);
  packet.setPayloadType(fields.payloadType ?? 100);
  packet.setMarker(fields.marker ?? false);
  packet.setPayload(new DataView(payload.buffer, payload.byteOffset, payload.byteLength));
  packet.serialize();
  const view = packet.getView();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A packet as the socket hands it on. */
export function audioPacket(fields: RtpFields & { readonly arrivedAt?: number }): AudioPacket {
  const packet = AudioPacket.parse(rtpDatagram(fields), fields.arrivedAt ?? 0);
  if (packet === undefined) throw new Error('the builder made a packet that does not parse');
  return packet;
}

export interface CodingOptions {
  readonly fec?: boolean;
  readonly bitrate?: number;
  /** 0 to 10. */
  readonly complexity?: number;
  /** Loss that in-band FEC is spent on; where there is none, FEC costs nothing. */
  readonly lossPercent?: number;
  /** Packets of silence are two bytes or less: what need not be sent. */
  readonly dtx?: boolean;
}

/** Opus packets of a recording at 16 kHz: Opus itself takes that rate, no resampling needed. */
export async function speechPackets(
  audio: Float32Array,
  options: CodingOptions = {},
): Promise<readonly Uint8Array[]> {
  return encode(audio, 16_000, options);
}

/** Opus packets of 20 ms as a browser makes them: 48 kHz, speech, in-band FEC. */
export async function opusPackets(
  audio: Float32Array,
  options: CodingOptions = {},
): Promise<readonly Uint8Array[]> {
  return encode(audio, 48_000, options);
}

async function encode(
  audio: Float32Array,
  sampleRate: 16_000 | 48_000,
  options: CodingOptions,
): Promise<readonly Uint8Array[]> {
  const frameSize = sampleRate / 50;
  using encoder = await createEncoder({
    sampleRate,
    channels: 1,
    frameSize,
    application: Application.Voip,
    signal: Signal.Voice,
    bitrate: options.bitrate ?? 32_000,
    complexity: options.complexity ?? 5,
    fec: options.fec ?? true,
    dtx: options.dtx ?? false,
    packetLossPercent: options.fec === false ? 0 : (options.lossPercent ?? 20),
  });
  const frames = Math.floor(audio.length / frameSize);
  return Array.from({ length: frames }, (_, index) =>
    encoder.encodeFloat(audio.subarray(index * frameSize, (index + 1) * frameSize)),
  );
}
