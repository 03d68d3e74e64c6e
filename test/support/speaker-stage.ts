import { pino } from 'pino';
import { z } from 'zod';
import { untraced } from '../../inference/protocol/tracing/span.ts';
import type { Tracer } from '../../inference/protocol/tracing/span.ts';
import { Egress } from '../../media/egress/egress.ts';
import { Pacer } from '../../media/egress/pacer.ts';
import { Speaker } from '../../media/interpret/speaker.ts';
import type { Caption, MediaToServer, Target } from '../../media/messages.ts';
import { Metrics } from '../../media/metrics.ts';
import type { MediaOptions } from '../../media/options.ts';
import type { PacketSink } from '../../media/rtp/routes.ts';
import { eventually } from './eventually.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeEngine } from './fake-inference.ts';
import { LoudnessVad } from './fake-vad.ts';
import { mediaOptions } from './media-options.ts';
import { silence, tone } from './pcm.ts';
import { audioPacket, opusPackets } from './rtp-builder.ts';
import { SentPackets } from './sent-packets.ts';

type TranslationState = Extract<MediaToServer, { type: 'translation-state' }>;

export const SPANISH: Target = {
  language: 'es',
  voice: { port: 7000, ssrc: 70, payloadType: 111 },
};
export const CATALAN: Target = {
  language: 'ca',
  voice: { port: 7000, ssrc: 71, payloadType: 111 },
};

/**
 * One real speaker between a fake network, a fake engine and a fake clock. What is said arrives as
 * Opus packets every 20 ms; a tone is speech.
 */
export class SpeakerStage implements AsyncDisposable {
  readonly clock = new FakeClock(5000);
  readonly engine = new FakeEngine();
  readonly sent = new SentPackets(this.clock);
  readonly reports: MediaToServer[] = [];
  readonly metrics = new Metrics();
  readonly tracer: Tracer;
  /** What was logged. */
  readonly logged: Record<string, unknown>[] = [];
  readonly #pacer = new Pacer(this.clock, 100, () => undefined);
  #sink: PacketSink | undefined;
  #speaker: Speaker | undefined;
  #egress: Egress | undefined;
  #sequence = 0xfff0;
  #timestamp = 0xffff_0000;

  private constructor(tracer: Tracer) {
    this.tracer = tracer;
  }

  static async create(
    changes: Partial<MediaOptions> = {},
    tracer: Tracer = untraced,
  ): Promise<SpeakerStage> {
    const stage = new SpeakerStage(tracer);
    await stage.#open(changes);
    return stage;
  }

  get speaker(): Speaker {
    if (this.#speaker === undefined) throw new Error('not open');
    return this.#speaker;
  }

  get listening(): boolean {
    return this.#sink?.listening ?? false;
  }

  get captions(): readonly Caption[] {
    return this.reports.filter((report) => report.type === 'caption');
  }

  get finals(): readonly Caption[] {
    return this.captions.filter(({ final }) => final);
  }

  states(language = 'es'): readonly TranslationState[] {
    return this.reports.filter(
      (report) => report.type === 'translation-state' && report.language === language,
    ) as readonly TranslationState[];
  }

  /** Speaks for so long, packet by packet, letting the loop keep up. */
  async speak(ms: number): Promise<void> {
    await this.#play(tone(ms, 48_000));
  }

  async pause(ms: number): Promise<void> {
    await this.#play(silence(ms, 48_000));
  }

  /** One utterance with the silence that ends it. */
  async utter(ms: number): Promise<void> {
    await this.speak(ms);
    await this.pause(700);
  }

  /** Nothing arrives; time passes. */
  async nothing(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      this.clock.advance(20);
      await this.#settle();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#speaker?.close();
    this.#pacer[Symbol.dispose]();
    this.#egress?.[Symbol.dispose]();
  }

  async #play(audio: Float32Array): Promise<void> {
    for (const payload of await opusPackets(audio)) {
      this.clock.advance(20);
      const fields = { sequence: this.#sequence, timestamp: this.#timestamp, payload };
      this.#sequence = (this.#sequence + 1) % 0x1_0000;
      this.#timestamp = (this.#timestamp + 960) % 0x1_0000_0000;
      if (this.listening) {
        this.#sink?.receive(audioPacket({ ...fields, arrivedAt: this.clock.now() }));
      }
      await this.#settle();
    }
  }

  /** A few turns of the event loop: what can go on without further packets has gone on. */
  async #settle(): Promise<void> {
    let turns = 3;
    await eventually(() => turns-- === 0);
  }

  #log(line: string): void {
    this.logged.push(z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
  }

  async #open(changes: Partial<MediaOptions>): Promise<void> {
    let sequence = 1;
    const { clock, engine, metrics } = this;
    const options = mediaOptions(changes);
    this.#egress = await Egress.create({ options, clock, socket: this.sent, packets: metrics });
    const shared = {
      clock,
      engine,
      metrics,
      tracer: this.tracer,
      options,
      pacer: this.#pacer,
      voices: this.#egress,
      vad: new LoudnessVad(),
      log: pino(
        { level: 'debug' },
        {
          write: (line) => {
            this.#log(line);
          },
        },
      ),
      nextSequence: () => sequence++,
      report: (message: MediaToServer) => {
        this.reports.push(message);
      },
      socket: {
        listen: (_: unknown, sink: PacketSink) => {
          this.#sink = sink;
          return {
            [Symbol.dispose]: () => {
              this.#sink = undefined;
            },
          };
        },
      },
    };
    this.#speaker = await Speaker.create(shared, {
      type: 'open-speaker',
      speaker: 'ann',
      stream: { port: 6000, ssrc: 60, payloadType: 100 },
      language: 'en',
      voice: { kind: 'female', variant: 2 },
      room: 'a1b2c3d4',
    });
  }
}
