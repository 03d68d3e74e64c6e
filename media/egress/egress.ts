import { VOICE_FRAME } from '../audio.ts';
import type { RtpStream } from '../messages.ts';
import type { Metrics } from '../metrics.ts';
import { VoiceEncoder } from '../opus/encoder.ts';
import type { MediaOptions } from '../options.ts';
import type { RtpSocket } from '../rtp/socket.ts';
import { RtpWriter } from '../rtp/writer.ts';
import type { StageMeter } from '../stage.ts';
import type { Paced, Pacer } from './pacer.ts';
import { PlayoutQueue } from './playout-queue.ts';
import type { PhraseId } from './playout-queue.ts';

export type EgressOptions = Pick<
  MediaOptions,
  'playoutMs' | 'opusBitrate' | 'opusComplexity' | 'opusLossPercent'
>;

/** What becomes of a phrase on its way out. */
export interface PhraseObserver {
  /** Its first packet was sent. */
  started(): void;
  /** Its last packet was sent, or it was empty. */
  ended(): void;
  /** It was given up to make room. */
  dropped(): void;
}

/** What is shared by all streams of the process. */
export interface EgressShared {
  readonly pacer: Pacer;
  readonly socket: Pick<RtpSocket, 'send'>;
  readonly metrics: Metrics;
}

/**
 * One speaker's voice in one language on its way to the router: queue, Opus, RTP. Encoded once,
 * however many listen. Timestamps are the pacer's wall time, so they advance over silence, and
 * every talk spurt starts with the marker bit (RFC 3551 section 4.1).
 */
export class Egress implements Paced, Disposable {
  readonly #stream: RtpStream;
  readonly #shared: EgressShared;
  readonly #encoder: VoiceEncoder;
  readonly #writer: RtpWriter;
  readonly #queue: PlayoutQueue;
  readonly #playout: StageMeter;
  readonly #observers = new Map<PhraseId, PhraseObserver>();
  readonly #membership: Disposable;
  #phrases = 0;
  #lastTick: number | undefined;
  #closed = false;

  private constructor(
    stream: RtpStream,
    shared: EgressShared,
    encoder: VoiceEncoder,
    options: EgressOptions,
  ) {
    this.#stream = stream;
    this.#shared = shared;
    this.#encoder = encoder;
    this.#writer = new RtpWriter(stream);
    this.#playout = shared.metrics.stage('playout');
    this.#queue = new PlayoutQueue(options.playoutMs);
    this.#membership = shared.pacer.add(this);
  }

  static async create(
    stream: RtpStream,
    shared: EgressShared,
    options: EgressOptions,
  ): Promise<Egress> {
    return new Egress(stream, shared, await VoiceEncoder.create(options), options);
  }

  get idle(): boolean {
    return this.#queue.empty;
  }

  get waitingMs(): number {
    return this.#queue.waitingMs;
  }

  /** Plays 48 kHz audio after everything played before; resolves when all of it is queued. */
  async play(audio: AsyncIterable<Float32Array>, observer: PhraseObserver): Promise<void> {
    if (this.#closed) return;
    const id = this.#phrases++;
    this.#observers.set(id, observer);
    this.#queue.begin(id);
    try {
      for await (const chunk of audio) {
        this.#enqueue(id, chunk);
      }
      if (this.#queue.end(id)) this.#ended(id);
    } catch (error) {
      this.#queue.abandon(id);
      this.#observers.delete(id);
      throw error;
    }
    this.#shared.pacer.wake();
  }

  tick(tick: number): void {
    const frame = this.#queue.pull();
    if (frame === undefined) return;
    const marker = tick - 1 !== this.#lastTick;
    this.#lastTick = tick;
    const packet = this.#writer.write(
      this.#encoder.encode(frame.samples),
      tick * VOICE_FRAME,
      marker,
    );
    this.#shared.socket.send(packet, this.#stream.port);
    this.#shared.metrics.encoded();
    if (frame.first) this.#observers.get(frame.phrase)?.started();
    if (frame.last) this.#ended(frame.phrase);
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#membership[Symbol.dispose]();
    this.#observers.clear();
    this.#encoder[Symbol.dispose]();
  }

  #enqueue(id: PhraseId, chunk: Float32Array): void {
    if (this.#closed) return;
    const truncated = this.#queue.truncatedSamples;
    for (const dropped of this.#queue.push(id, chunk)) this.#dropped(dropped);
    if (this.#queue.truncatedSamples > truncated) this.#playout.drop('too-long');
    this.#shared.pacer.wake();
  }

  #ended(id: PhraseId): void {
    const observer = this.#observers.get(id);
    this.#observers.delete(id);
    observer?.ended();
  }

  #dropped(id: PhraseId): void {
    this.#playout.drop('oldest-phrase');
    const observer = this.#observers.get(id);
    this.#observers.delete(id);
    observer?.dropped();
  }
}
