import { VOICE_FRAME } from '../audio.ts';
import type { Clock } from '../clock.ts';
import type { RtpStream } from '../messages.ts';
import { VoiceEncoder } from '../opus/encoder.ts';
import { silenceAfter } from '../opus/toc.ts';
import type { MediaOptions } from '../options.ts';
import { RtpWriter } from '../rtp/writer.ts';
import type { StageMeter } from '../stage.ts';
import type { LagOptions } from './lag-band.ts';
import type { Paced, Pacer } from './pacer.ts';
import { PhraseFeed } from './phrase-feed.ts';
import type { FeedShared } from './phrase-feed.ts';
import type { PlayoutFrame } from './playout-queue.ts';
import type {
  OutletFigures,
  PacketMeter,
  PhraseObserver,
  VoicedPhrase,
  VoiceOutlet,
} from './ports.ts';

export type OutletOptions = LagOptions &
  Pick<MediaOptions, 'playoutMs' | 'opusBitrate' | 'opusComplexity' | 'opusLossPercent'>;

/** What is shared by all streams of the thread. */
export interface OutletShared extends FeedShared {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly socket: { send(packet: Uint8Array, port: number): void };
  readonly packets: PacketMeter;
  readonly encoding: StageMeter;
}

interface Ready {
  readonly frame: PlayoutFrame<PhraseObserver>;
  readonly payload: Uint8Array;
}

/**
 * How a voice falls silent, as Opus encoders do with DTX: silence is coded for so many frames, in which
 * decoders forget the voice and learn what silence sounds like, and then told now and then.
 */
export const CODED_SILENCE_FRAMES = 10;
const TOLD_SILENCE_MS = 400;

const SILENT_FRAME = new Float32Array(VOICE_FRAME);

/**
 * One speaker's voice in one language on its way to the router. Encoded once, however many listen,
 * and a frame ahead: when a tick comes, only the packet's header is written. Timestamps are the
 * pacer's wall time, so they advance over silence, and every talk spurt starts with the marker bit
 * (RFC 3551 section 4.1). It ends with a packet that says so, repeated now and then (DTX): without
 * it a browser takes the silence for loss and makes sound up.
 */
export class Outlet implements Paced, VoiceOutlet {
  readonly #stream: RtpStream;
  readonly #shared: OutletShared;
  readonly #encoder: VoiceEncoder;
  readonly #writer: RtpWriter;
  readonly #feed: PhraseFeed;
  readonly #membership: Disposable;
  #ready: Ready | undefined;
  #lastTick: number | undefined;
  /** Frames of silence that are still to be coded, and what tells of it after them, when due. */
  #codedSilence = 0;
  #silence: Uint8Array | undefined;
  #silenceDue = false;
  #silenceTimer: Disposable | undefined;
  #closed = false;

  private constructor(
    stream: RtpStream,
    shared: OutletShared,
    encoder: VoiceEncoder,
    options: OutletOptions,
  ) {
    this.#stream = stream;
    this.#shared = shared;
    this.#encoder = encoder;
    this.#writer = new RtpWriter(stream);
    this.#feed = new PhraseFeed(shared, options, () => {
      this.prepare();
    });
    this.#membership = shared.pacer.add(this);
  }

  static async create(
    stream: RtpStream,
    shared: OutletShared,
    options: OutletOptions,
  ): Promise<Outlet> {
    return new Outlet(stream, shared, await VoiceEncoder.create(options), options);
  }

  get figures(): OutletFigures {
    return this.#feed.figures;
  }

  get idle(): boolean {
    return this.#ready === undefined && !this.#silenceDue;
  }

  speak(phrase: VoicedPhrase, observer: PhraseObserver): void {
    if (!this.#closed) this.#feed.add(phrase, observer);
  }

  tick(tick: number, now: number): void {
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready !== undefined) this.#voice(ready, tick, now);
    else if (this.#silenceDue) this.#fallSilent(tick, now);
  }

  /** Encodes the next packet, if there is one and it is not encoded already. */
  prepare(): void {
    if (this.#closed || this.#ready !== undefined) return;
    const { encoding, clock, packets, pacer } = this.#shared;
    const started = clock.now();
    const frame = this.#feed.pull();
    if (frame === undefined) return;
    encoding.in();
    this.#ready = { frame, payload: this.#encoder.encode(frame.samples) };
    encoding.out(1);
    encoding.took(clock.now() - started);
    packets.encoded();
    pacer.wake();
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ready = undefined;
    this.#silenceTimer?.[Symbol.dispose]();
    this.#membership[Symbol.dispose]();
    this.#feed[Symbol.dispose]();
    this.#encoder[Symbol.dispose]();
  }

  #voice({ frame, payload }: Ready, tick: number, now: number): void {
    this.#send(payload, tick, tick - 1 !== this.#lastTick);
    this.#lastTick = tick;
    this.#silence = silenceAfter(payload);
    this.#silenceDue = true;
    this.#codedSilence = CODED_SILENCE_FRAMES;
    this.#silenceTimer?.[Symbol.dispose]();
    if (frame.first) frame.phrase.started(now);
    if (frame.last) frame.phrase.ended();
  }

  #fallSilent(tick: number, now: number): void {
    if (this.#codedSilence > 0) {
      this.#codedSilence -= 1;
      this.#send(this.#encoder.encode(SILENT_FRAME), tick, false);
      return;
    }
    this.#silenceDue = false;
    if (this.#silence !== undefined) this.#send(this.#silence, tick, false);
    this.#silenceTimer = this.#shared.clock.at(now + TOLD_SILENCE_MS, () => {
      this.#silenceDue = true;
      this.#shared.pacer.wake();
    });
  }

  #send(payload: Uint8Array, tick: number, marker: boolean): void {
    const packet = this.#writer.write(payload, tick * VOICE_FRAME, marker);
    this.#shared.socket.send(packet, this.#stream.port);
  }
}
