import type { PcmFrame } from '../audio.ts';
import type { Clock } from '../clock.ts';
import { Ingest } from '../ingest/ingest.ts';
import type { Filling } from '../ingest/ingest.ts';
import { JitterBuffer } from '../ingest/jitter-buffer.ts';
import type { SpeakerStats } from '../messages.ts';
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

/** Counted over all periods of listening. */
export type HearingStats = Pick<SpeakerStats, 'packets' | 'lost' | 'recovered' | 'concealedMs'>;

interface Stages {
  readonly order: JitterBuffer;
  readonly jitter: Stage<AudioPacket, AudioPacket>;
  readonly ingest: Stage<AudioPacket, PcmFrame>;
}

/**
 * The synchronous half of a speaker's path: packet to jitter buffer to 16 kHz frames, once per
 * packet. Each period of listening begins with fresh stages; positions stay on RTP time. What is
 * returned is valid until the next call.
 */
export class Hearing implements Disposable {
  readonly #decoder: SpeechDecoder;
  readonly #options: HearingOptions;
  readonly #shared: HearingShared;
  readonly #stats = { packets: 0, lost: 0, recovered: 0, concealedMs: 0 };
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

  get stats(): HearingStats {
    return { ...this.#stats };
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
    this.#stats.packets += 1;
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
    const released = decode(this.#stages, jitter.advance(now));
    return released.length > 0 ? released : ingest.advance(now);
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
      lost: (packets) => {
        this.#stats.lost += packets;
      },
      filled: (how, ms) => {
        this.#countFilled(how, ms);
        metrics.filled(how);
      },
    });
    return {
      order,
      jitter: measured(order, jitter, clock),
      ingest: measured(audio, ingest, clock),
    };
  }

  #countFilled(how: Filling, ms: number): void {
    switch (how) {
      case 'fec':
        this.#stats.recovered += 1;
        break;
      case 'concealed':
      case 'silence':
        this.#stats.concealedMs += ms;
        break;
      case 'dtx':
        break;
    }
  }
}

/** One packet is the rule, and its frames need no copy; several come only from behind a gap. */
function decode({ ingest }: Stages, ordered: readonly AudioPacket[]): readonly PcmFrame[] {
  const [first] = ordered;
  if (first === undefined) return [];
  if (ordered.length === 1) return ingest.push(first);
  return ordered.flatMap((packet) => ingest.push(packet).map((frame) => ({ ...frame })));
}
