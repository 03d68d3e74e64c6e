import { setTimeout } from 'node:timers/promises';
import { isDtx } from '../../../media/opus/toc.ts';
import { opusPackets, rtpDatagram } from '../../support/rtp-builder.ts';
import type { SpeechScript } from './speech-script.ts';

const PACKET_MS = 20;
const TICKS = 960;
const SEQUENCES = 0x1_0000;
const TIMESTAMPS = 0x1_0000_0000;
/** How Chromium codes a microphone on a clean network, at the bit rate our page asks for. */
const MICROPHONE = { bitrate: 64_000, complexity: 9, lossPercent: 0 };
/** Spreads phases evenly and without a pattern, the same in every run: the golden ratio. */
const phaseOf = (stream: number): number => PACKET_MS * ((stream * 0.618_034) % 1);

/** A packet for each 20 ms of the script; undefined where none is sent. */
export type CodedScript = readonly (Uint8Array | undefined)[];

/**
 * The script as a browser sends it. With DTX, of the packets that tell of silence the first is sent
 * and those that repeat it now and then, as libwebrtc does.
 */
export async function coded(script: SpeechScript, dtx: boolean): Promise<CodedScript> {
  const audio = Float32Array.from(script.samples, (sample) => sample / 32_768);
  const packets = await opusPackets(audio, { ...MICROPHONE, dtx });
  if (!dtx) return packets;
  let silent = false;
  return packets.map((packet) => {
    const told = silent && isDtx(packet);
    silent = isDtx(packet);
    return told ? undefined : packet;
  });
}

/** Somebody who speaks. */
export interface RtpSpeaker {
  readonly ssrc: number;
  readonly script: CodedScript;
  /** Packets of the script that come before the first. */
  readonly from: number;
}

export interface Sending {
  readonly payloadType: number;
  readonly send: (datagram: Uint8Array) => void;
  readonly over: AbortSignal;
}

/** Sends what all of them say, in real time and each at a phase of their own, until it is over. */
export async function speakAll(speakers: readonly RtpSpeaker[], sending: Sending): Promise<void> {
  const { payloadType, send, over } = sending;
  const order = speakers
    .map((speaker, stream) => ({ ...speaker, phase: phaseOf(stream), sequence: 0 }))
    .sort((a, b) => a.phase - b.phase);
  const start = performance.now();
  for (let index = 0; !over.aborted; index += 1) {
    for (const speaker of order) {
      const wait = start + index * PACKET_MS + speaker.phase - performance.now();
      if (wait > 0.5) await setTimeout(wait);
      const payload = speaker.script[(speaker.from + index) % speaker.script.length];
      if (payload === undefined) continue;
      const sequence = speaker.sequence++ % SEQUENCES;
      const timestamp = (index * TICKS) % TIMESTAMPS;
      send(rtpDatagram({ ...{ sequence, timestamp, payloadType, payload }, ssrc: speaker.ssrc }));
    }
    if (order.length === 0) await setTimeout(PACKET_MS);
  }
}
