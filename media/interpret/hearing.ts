import type { PcmFrame } from '../audio.ts';
import type { Clock } from '../clock.ts';
import { Ingest } from '../ingest/ingest.ts';
import { JitterBuffer } from '../ingest/jitter-buffer.ts';
import type { Metrics } from '../metrics.ts';
import { SpeechDecoder } from '../opus/decoder.ts';
import type { MediaOptions } from '../options.ts';
import type { AudioPacket } from '../rtp/packet.ts';
import { measured } from '../stage.ts';
import type { Stage } from '../stage.ts';

export type HearingOptions = Pick<MediaOptions, 'jitterHoldMs' | 'jitterPackets' | 'stallMs'>;

export interface HearingShared {
  readonly metrics: Metrics;
  readonly clock: Clock;
}

interface Stages {
  readonly order: JitterBuffer;
  readonly jitter: Stage<AudioPacket, AudioPacket>;
  readonly ingest: Stage<AudioPacket, PcmFrame>;
}

/**
 * The synchronous half of a speaker's path: packet to jitter buffer to 16 kHz frames, once per
 * packet. Each period of listening begins with fresh stages; positions stay on RTP time.
 */
export class Hearing implements Disposable {
  readonly #decoder: SpeechDecoder;
  readonly #options: HearingOptions;
  readonly #shared: HearingShared;
  #stages: Stages | undefined;
  #lastArrival = 0;
  #stalled = true;

  private constructor(decoder: SpeechDecoder, options: HearingOptions, shared: HearingShared) {
    this.#decoder = decoder;
    this.#options = options;
    this.#shared = shared;
  }

  static async create(options: HearingOptions, shared: HearingShared): Promise<Hearing> {
    return new Hearing(await SpeechDecoder.create(), options, shared);
  }

  get listening(): boolean {
    return this.#stages !== undefined;
  }

  start(): void {
    this.#stages ??= this.#createStages();
  }

  /** Packets held behind a gap were said before this moment: they are still heard. */
  stop(): readonly PcmFrame[] {
    const stages = this.#stages;
    if (stages === undefined) return [];
    this.#stages = undefined;
    this.#stalled = true;
    return decode(stages, stages.jitter.flush());
  }

  receive(packet: AudioPacket): readonly PcmFrame[] {
    if (this.#stages === undefined) return [];
    this.#lastArrival = packet.arrivedAt;
    this.#stalled = false;
    return decode(this.#stages, this.#stages.jitter.push(packet));
  }

  /** Whether a packet is missing that may still come. */
  get waiting(): boolean {
    return (this.#stages?.order.waiting ?? 0) > 0;
  }

  /** Releases what has waited long enough, and silence that is sent without packets. */
  advance(now: number): readonly PcmFrame[] {
    if (this.#stages === undefined || this.#stalled) return [];
    const { jitter, ingest } = this.#stages;
    return [...decode(this.#stages, jitter.advance(now)), ...ingest.advance(now)];
  }

  /** True once when nothing has come for so long that speech under way must be over. */
  stalls(now: number): boolean {
    if (this.#stalled || now - this.#lastArrival < this.#options.stallMs) return false;
    this.#stalled = true;
    return true;
  }

  [Symbol.dispose](): void {
    this.#stages = undefined;
    this.#decoder[Symbol.dispose]();
  }

  #createStages(): Stages {
    const { metrics, clock } = this.#shared;
    const jitter = metrics.stage('jitter');
    const ingest = metrics.stage('ingest');
    const options = {
      holdMs: this.#options.jitterHoldMs,
      maxPackets: this.#options.jitterPackets,
    };
    const order = new JitterBuffer(options, {
      dropped: (reason) => {
        jitter.drop(reason);
      },
      reordered: () => {
        metrics.reordered();
      },
    });
    const audio = new Ingest(this.#decoder, {
      dropped: (reason) => {
        ingest.drop(reason);
      },
      filled: (how) => {
        metrics.filled(how);
      },
    });
    return {
      order,
      jitter: measured(order, jitter, clock),
      ingest: measured(audio, ingest, clock),
    };
  }
}

const decode = ({ ingest }: Stages, ordered: readonly AudioPacket[]): readonly PcmFrame[] =>
  ordered.flatMap((packet) => ingest.push(packet));
