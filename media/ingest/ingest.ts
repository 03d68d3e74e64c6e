import { SPEECH_PER_MS, VOICE_RATE } from '../audio.ts';
import type { PcmFrame } from '../audio.ts';
import type { SpeechDecoder } from '../opus/decoder.ts';
import { carriesFec, durationMs, isDtx } from '../opus/toc.ts';
import { Allowance } from '../rtp/allowance.ts';
import type { AudioPacket } from '../rtp/packet.ts';
import { distance, SEQUENCE_MODULUS, TIMESTAMP_MODULUS, Unwrapper } from '../rtp/sequence.ts';
import type { Stage } from '../stage.ts';
import { SPEECH_RATE } from '../../inference/protocol/task-models.ts';
import { fadeIn, fadeOut } from './fade.ts';
import { Frames } from './frames.ts';
import { MAX_DROPOUT } from './jitter-buffer.ts';

/** How a stretch without a packet was filled; `dtx` is the sender's own silence, nothing lost. */
export type Filling = 'fec' | 'concealed' | 'silence' | 'dtx';

/** Told of packets given up and of stretches made up. */
export interface IngestObserver {
  dropped(reason: 'undecodable'): void;
  /** So many packets never came, or came too late. */
  lost(packets: number): void;
  filled(how: Filling, ms: number): void;
}

export type Decoder = Pick<SpeechDecoder, 'decode' | 'recover' | 'conceal'>;

/** RTP ticks per sample of speech: 48 kHz to 16 kHz. */
const TICKS_PER_SAMPLE = VOICE_RATE / SPEECH_RATE;

/** Opus makes sound up in steps of 2.5 ms. */
const STEP = 2.5 * SPEECH_PER_MS;

/** Made-up sound at the end of which silence is reached. */
const FADE_OUT_SAMPLES = 4 * STEP;

/** Beyond 120 ms concealment only smears the last vowel (NetEq and Jitsi stop there too). */
const MAX_CONCEAL_SAMPLES = 120 * SPEECH_PER_MS - FADE_OUT_SAMPLES;

/** Longer silence is not written out: the position jumps. Long enough to end any utterance. */
const MAX_SILENCE_SAMPLES = 2500 * SPEECH_PER_MS;

/** Silence is written no faster than time passes, but for this much: a timestamp costs nothing. */
const SILENCE_BURST_SAMPLES = 2 * MAX_SILENCE_SAMPLES;

/** How long after a DTX packet speech may begin again and still be under way to us. */
const DTX_MARGIN_MS = 60;

const SILENT_FRAME = 20 * SPEECH_PER_MS;

/** All silence of all streams. */
const ZEROS = new Float32Array(MAX_SILENCE_SAMPLES);

/**
 * Ordered packets to 16 kHz frames whose positions follow RTP time without a hole: a lost frame is
 * rebuilt from the in-band FEC of the next packet where there is any, concealed for up to 120 ms
 * where there is none, silent beyond. A timestamp that jumps while the sequence goes on is silence
 * of the sender (DTX, RFC 7587 section 3.1.3), never loss. Sound fades into silence and out of it.
 * Where sequence or time start anew, positions do so too.
 *
 * What is returned is valid until the next call.
 */
export class Ingest implements Stage<AudioPacket, PcmFrame> {
  readonly #decoder: Decoder;
  readonly #observer: IngestObserver;
  readonly #time = new Unwrapper(TIMESTAMP_MODULUS);
  readonly #silence = new Allowance(SPEECH_PER_MS, SILENCE_BURST_SAMPLES);
  readonly #frames = new Frames();
  #sequence: number | undefined;
  #arrivedAt = 0;
  /** The last packet said that its sender has fallen silent. */
  #dtx = false;
  /** Position right after what was put out last, and whether that was sound. */
  #next = 0;
  #sounding = false;

  constructor(decoder: Decoder, observer: IngestObserver) {
    this.#decoder = decoder;
    this.#observer = observer;
  }

  push(packet: AudioPacket): readonly PcmFrame[] {
    this.#frames.clear();
    const samples = durationMs(packet.payload) * SPEECH_PER_MS;
    if (samples === 0) {
      this.#observer.dropped('undecodable');
      return this.#frames.list;
    }
    const position = Math.floor(this.#time.unwrap(packet.timestamp) / TICKS_PER_SAMPLE);
    const lost = this.#packetsBefore(packet);
    this.#sequence = packet.sequence;
    this.#arrivedAt = packet.arrivedAt;
    this.#dtx = isDtx(packet.payload);
    if (lost === undefined || this.#isBefore(position, samples)) this.#startAt(position);
    if (lost !== undefined && lost > 0) this.#observer.lost(lost);
    const missing = position - this.#next;
    if (missing > 0) {
      if (lost !== undefined && lost > 0) this.#repair(packet, missing, lost * samples);
      else this.#fillSilently('dtx', missing);
    }
    if (this.#dtx) this.#fallSilent('dtx', position + samples - this.#next);
    else this.#hear(this.#decode(packet.payload, samples), this.#next - position);
    return this.#frames.list;
  }

  /** Between a DTX packet and the next one there is silence: it is put out as time passes. */
  advance(now: number): readonly PcmFrame[] {
    this.#frames.clear();
    if (!this.#dtx) return this.#frames.list;
    const start = Math.floor(this.#time.last / TICKS_PER_SAMPLE);
    const elapsed = Math.floor((now - this.#arrivedAt - DTX_MARGIN_MS) * SPEECH_PER_MS);
    const due = start + Math.min(elapsed, MAX_SILENCE_SAMPLES) - this.#next;
    if (due >= SILENT_FRAME) {
      this.#put(ZEROS.subarray(0, due - (due % SILENT_FRAME)), true, now);
    }
    return this.#frames.list;
  }

  /** Nothing is held: every packet leaves as it comes. */
  flush(): readonly PcmFrame[] {
    this.#frames.clear();
    return this.#frames.list;
  }

  /** Packets missing right before this one; undefined when the sequence starts here. */
  #packetsBefore(packet: AudioPacket): number | undefined {
    if (this.#sequence === undefined) return undefined;
    const missing = distance(this.#sequence, packet.sequence, SEQUENCE_MODULUS) - 1;
    return missing < 0 || missing > MAX_DROPOUT ? undefined : missing;
  }

  /**
   * In order by sequence, yet all of it before what was put out already: the sender's clock was set
   * anew, or it spoke again while the network made us take it for silent.
   */
  #isBefore(position: number, samples: number): boolean {
    return position + samples <= this.#next - (this.#dtx ? MAX_SILENCE_SAMPLES : 0);
  }

  #startAt(position: number): void {
    this.#next = position;
    this.#sounding = false;
  }

  /** Fills `missing` samples before a packet, of which `lost` at most were sent and never came. */
  #repair({ payload }: AudioPacket, missing: number, lost: number): void {
    const frame = durationMs(payload) * SPEECH_PER_MS;
    const rebuilt = carriesFec(payload) ? Math.min(frame, missing) : 0;
    const concealable = Math.min(missing, lost, rebuilt + MAX_CONCEAL_SAMPLES) - rebuilt;
    const concealed = this.#sounding ? Math.max(0, concealable) : 0;
    for (let left = concealed; left > 0; left -= frame) this.#conceal(Math.min(frame, left));
    this.#fillSilently('silence', missing - concealed - rebuilt);
    if (rebuilt === 0) return;
    const audio = this.#decoder.recover(payload, frame) ?? new Float32Array(frame);
    this.#observer.filled('fec', rebuilt / SPEECH_PER_MS);
    this.#hear(audio, frame - rebuilt);
  }

  #conceal(samples: number): void {
    this.#observer.filled('concealed', samples / SPEECH_PER_MS);
    this.#hear(this.#makeUp(samples), 0);
  }

  #fillSilently(why: 'silence' | 'dtx', samples: number): void {
    if (samples <= 0) return;
    this.#observer.filled(why, samples / SPEECH_PER_MS);
    this.#fallSilent(why, samples);
  }

  /** Silence for so many samples, as far as it is worth writing out. */
  #fallSilent(why: 'silence' | 'dtx', samples: number): void {
    if (samples <= 0) return;
    const end = this.#next + samples;
    const written = this.#next + Math.min(samples, MAX_SILENCE_SAMPLES);
    if (this.#sounding) {
      const tail = this.#makeUp(Math.min(FADE_OUT_SAMPLES, samples));
      fadeOut(tail);
      this.#hear(tail, 0);
    }
    const allowed = Math.floor(Math.max(0, this.#silence.left(this.#arrivedAt)));
    const zeros = ZEROS.subarray(0, Math.min(written - this.#next, allowed));
    this.#put(zeros, why === 'dtx', this.#arrivedAt);
    this.#next = end;
    this.#sounding = false;
  }

  #makeUp(samples: number): Float32Array {
    const steps = Math.ceil(samples / STEP) * STEP;
    return this.#decoder.conceal(steps)?.subarray(0, samples) ?? new Float32Array(samples);
  }

  #decode(payload: Uint8Array, samples: number): Float32Array {
    const audio = this.#decoder.decode(payload);
    if (audio !== undefined) return audio;
    this.#observer.dropped('undecodable');
    return this.#makeUp(samples);
  }

  /** Puts sound out, without as many samples at its beginning as are there already. */
  #hear(audio: Float32Array, late: number): void {
    const samples = late > 0 ? audio.subarray(late) : audio;
    if (!this.#sounding) fadeIn(samples);
    this.#sounding = true;
    this.#put(samples, false, this.#arrivedAt);
  }

  #put(samples: Float32Array, silent: boolean, arrivedAt: number): void {
    if (samples.length === 0) return;
    if (samples.buffer === ZEROS.buffer) this.#silence.spend(samples.length, arrivedAt);
    this.#frames.add(this.#next, samples, silent, arrivedAt);
    this.#next += samples.length;
  }
}
