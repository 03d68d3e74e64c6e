import { SPEECH_PER_MS, VOICE_RATE } from '../audio.ts';
import type { PcmFrame } from '../audio.ts';
import type { SpeechDecoder } from '../opus/decoder.ts';
import { carriesFec, durationMs, isDtx } from '../opus/toc.ts';
import type { AudioPacket } from '../rtp/packet.ts';
import { distance, SEQUENCE_MODULUS, TIMESTAMP_MODULUS, Unwrapper } from '../rtp/sequence.ts';
import type { Stage } from '../stage.ts';
import { SPEECH_RATE } from '../../inference/protocol/task-models.ts';

/** How a stretch without a packet was filled. */
export type Filling = 'fec' | 'concealed' | 'silence';

/** Told of packets given up and of stretches made up. */
export interface IngestObserver {
  dropped(reason: 'undecodable' | 'overlap'): void;
  filled(how: Filling): void;
}

/** RTP ticks per sample of speech: 48 kHz to 16 kHz. */
const TICKS_PER_SAMPLE = VOICE_RATE / SPEECH_RATE;

/** Concealment beyond this only smears the last vowel (NetEq and Jitsi stop there too). */
const MAX_CONCEAL_SAMPLES = 120 * SPEECH_PER_MS;

/** Opus conceals in steps of 2.5 ms. */
const CONCEAL_STEP = 2.5 * SPEECH_PER_MS;

/** Longer silence is not written out: the position jumps. Long enough to end any utterance. */
const MAX_SILENCE_SAMPLES = 2500 * SPEECH_PER_MS;

/** How long after a DTX packet speech may begin again and still be under way to us. */
const DTX_MARGIN_MS = 60;

const SILENT_FRAME = 20 * SPEECH_PER_MS;

/**
 * Ordered packets to 16 kHz frames whose positions follow RTP time without a hole: a lost frame is
 * rebuilt from the in-band FEC of the next packet where there is any, concealed for up to 120 ms
 * where there is none, silent beyond. A timestamp that jumps while the sequence goes on is silence
 * of the sender (DTX, RFC 7587 section 3.1.3), never loss.
 */
export class Ingest implements Stage<AudioPacket, PcmFrame> {
  readonly #decoder: SpeechDecoder;
  readonly #observer: IngestObserver;
  readonly #time = new Unwrapper(TIMESTAMP_MODULUS);
  #last: AudioPacket | undefined;
  /** Position right after what was put out last. */
  #next = 0;

  constructor(decoder: SpeechDecoder, observer: IngestObserver) {
    this.#decoder = decoder;
    this.#observer = observer;
  }

  push(packet: AudioPacket): readonly PcmFrame[] {
    const position = Math.floor(this.#time.unwrap(packet.timestamp) / TICKS_PER_SAMPLE);
    const samples = durationMs(packet.payload) * SPEECH_PER_MS;
    if (samples === 0) {
      this.#observer.dropped('undecodable');
      return [];
    }
    const before = this.#last === undefined ? [] : this.#bridge(this.#last, packet, position);
    const isNew = this.#last === undefined || position < this.#next - MAX_SILENCE_SAMPLES;
    if (isNew) this.#next = position;
    this.#last = packet;
    const audio = this.#decode(packet, samples);
    const late = Math.min(this.#next - position, audio.length);
    if (late >= audio.length) this.#observer.dropped('overlap');
    return [...before, ...this.#emit(audio.subarray(late), packet.arrivedAt)];
  }

  /** Between a DTX packet and the next one there is silence: it is put out as time passes. */
  advance(now: number): readonly PcmFrame[] {
    if (this.#last === undefined || !isDtx(this.#last.payload)) return [];
    const start = Math.floor(this.#time.last / TICKS_PER_SAMPLE);
    const elapsed = now - this.#last.arrivedAt - DTX_MARGIN_MS;
    const until = start + Math.min(Math.floor(elapsed * SPEECH_PER_MS), MAX_SILENCE_SAMPLES);
    const out: PcmFrame[] = [];
    while (this.#next + SILENT_FRAME <= until) {
      out.push(...this.#emit(new Float32Array(SILENT_FRAME), now));
    }
    return out;
  }

  /** Nothing is held: every packet leaves as it comes. */
  flush(): readonly PcmFrame[] {
    return [];
  }

  /** Fills from the end of the last packet to the start of this one. */
  #bridge(last: AudioPacket, packet: AudioPacket, position: number): readonly PcmFrame[] {
    const missing = position - this.#next;
    const lost = distance(last.sequence, packet.sequence, SEQUENCE_MODULUS) - 1;
    if (missing <= 0) return [];
    if (missing > MAX_SILENCE_SAMPLES) {
      const out = this.#silence(MAX_SILENCE_SAMPLES, packet.arrivedAt);
      this.#next = position;
      return out;
    }
    return lost > 0
      ? this.#repair(packet, missing, lost)
      : this.#silence(missing, packet.arrivedAt);
  }

  #repair(packet: AudioPacket, missing: number, lost: number): readonly PcmFrame[] {
    const frame = durationMs(packet.payload) * SPEECH_PER_MS;
    const rebuilt = carriesFec(packet.payload) ? Math.min(frame, missing) : 0;
    const concealable = Math.min(missing, lost * frame, rebuilt + MAX_CONCEAL_SAMPLES) - rebuilt;
    const concealed = Math.max(0, concealable - (concealable % CONCEAL_STEP));
    const out: PcmFrame[] = [];
    for (let left = concealed; left > 0; left -= frame) {
      out.push(...this.#conceal(Math.min(frame, left), packet.arrivedAt));
    }
    out.push(...this.#silence(missing - concealed - rebuilt, packet.arrivedAt));
    if (rebuilt > 0) {
      const audio = this.#decoder.recover(packet.payload, rebuilt);
      this.#observer.filled('fec');
      out.push(...this.#emit(audio ?? new Float32Array(rebuilt), packet.arrivedAt));
    }
    return out;
  }

  #conceal(samples: number, arrivedAt: number): readonly PcmFrame[] {
    this.#observer.filled('concealed');
    return this.#emit(this.#decoder.conceal(samples) ?? new Float32Array(samples), arrivedAt);
  }

  #silence(samples: number, arrivedAt: number): readonly PcmFrame[] {
    if (samples <= 0) return [];
    this.#observer.filled('silence');
    return this.#emit(new Float32Array(samples), arrivedAt);
  }

  #decode(packet: AudioPacket, samples: number): Float32Array {
    if (isDtx(packet.payload)) return new Float32Array(samples);
    const audio = this.#decoder.decode(packet.payload);
    if (audio !== undefined) return audio;
    this.#observer.dropped('undecodable');
    return this.#decoder.conceal(samples) ?? new Float32Array(samples);
  }

  #emit(samples: Float32Array, arrivedAt: number): readonly PcmFrame[] {
    if (samples.length === 0) return [];
    const frame = { position: this.#next, samples, arrivedAt };
    this.#next += samples.length;
    return [frame];
  }
}
