import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Filling } from './ingest/ingest.ts';
import type { StageStats } from './messages.ts';
import type { StageMeter } from './stage.ts';
import { Tallies } from './tally.ts';

/** The way from the end of speech to the first translated packet, in order. */
export type LatencyStage = 'endpoint' | 'recognise' | 'voice' | 'playout';

export type UtteranceOutcome = 'translated' | 'empty' | 'skipped' | 'failed' | 'abandoned';

/** What is true at the moment of being asked. */
export interface Moment {
  readonly speakers: number;
  /** Of these, those with an utterance under way. */
  readonly speaking: number;
  /** Translated streams. */
  readonly voices: number;
  /** Audio that waits, per kind of queue, in milliseconds. */
  readonly queues: Readonly<Record<string, number>>;
  /** What was done on other threads. */
  readonly stages: readonly StageStats[];
}

const PREFIX = 'parley_media_';

const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13, 20];

/** What the media process counts about itself. No room, person or word is ever a label. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #items = new Counter({
    name: 'parley_media_stage_items_total',
    help: 'Items that went into and came out of a stage.',
    labelNames: ['stage', 'direction'],
    registers: [this.#registry],
  });
  readonly #dropped = new Counter({
    name: 'parley_media_dropped_total',
    help: 'Items a stage or queue gave up, by reason.',
    labelNames: ['stage', 'reason'],
    registers: [this.#registry],
  });
  readonly #slowest = new Gauge({
    name: 'parley_media_stage_slowest_seconds',
    help: 'Longest a stage worked on one item within the last ten to twenty seconds.',
    labelNames: ['stage'],
    registers: [this.#registry],
  });
  readonly #queues = new Gauge({
    name: 'parley_media_queue_seconds',
    help: 'Audio waiting in the fullest queue of a kind.',
    labelNames: ['queue'],
    registers: [this.#registry],
  });
  readonly #speakers = new Gauge({
    name: 'parley_media_speakers',
    help: 'Microphones and tabs taken off the SFU.',
    registers: [this.#registry],
  });
  readonly #speaking = new Gauge({
    name: 'parley_media_speaking',
    help: 'Speakers with an utterance under way.',
    registers: [this.#registry],
  });
  readonly #voices = new Gauge({
    name: 'parley_media_voices',
    help: 'Translated streams: speakers times the languages they are heard in.',
    registers: [this.#registry],
  });
  readonly #speech = new Counter({
    name: 'parley_media_speech_seconds_total',
    help: 'Speech that was given to the recogniser.',
    registers: [this.#registry],
  });
  readonly #captionLatency = new Histogram({
    name: 'parley_media_caption_latency_seconds',
    help: 'From the begin of speech to the first words shown, and from its end to the final line.',
    labelNames: ['line'],
    buckets: BUCKETS,
    registers: [this.#registry],
  });
  readonly #voiceLatency = new Histogram({
    name: 'parley_media_voice_latency_seconds',
    help: 'From the end of speech to the first translated packet.',
    buckets: BUCKETS,
    registers: [this.#registry],
  });
  readonly #latency = new Histogram({
    name: 'parley_media_voice_stage_seconds',
    help: 'Parts of the way from the end of speech to the first translated packet.',
    labelNames: ['stage'],
    buckets: BUCKETS,
    registers: [this.#registry],
  });
  readonly #pacerLate = new Histogram({
    name: 'parley_media_pacer_late_seconds',
    help: 'How late the pacer woke up.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5],
    registers: [this.#registry],
  });
  readonly #filled = new Counter({
    name: 'parley_media_filled_frames_total',
    help: 'Stretches without a packet, by how they were filled; dtx is the sender falling silent.',
    labelNames: ['how'],
    registers: [this.#registry],
  });
  readonly #reordered = new Counter({
    name: 'parley_media_reordered_packets_total',
    help: 'Packets that came after a later one and were put in place.',
    registers: [this.#registry],
  });
  readonly #encoded = new Counter({
    name: 'parley_media_encoded_frames_total',
    help: 'Opus packets of translated voice encoded.',
    registers: [this.#registry],
  });
  readonly #utterances = new Counter({
    name: 'parley_media_utterances_total',
    help: 'Utterances by outcome.',
    labelNames: ['outcome'],
    registers: [this.#registry],
  });
  readonly #tallies: Tallies;

  constructor(clock: Pick<Clock, 'now'> = systemClock) {
    this.#tallies = new Tallies(clock);
    collectDefaultMetrics({ register: this.#registry, prefix: PREFIX });
    // Gauges under the names of counters; the same figures are there by type.
    for (const what of ['resources', 'handles', 'requests'])
      this.#registry.removeSingleMetric(`${PREFIX}nodejs_active_${what}_total`);
  }

  /** For what is counted elsewhere in this process. */
  get registry(): Registry {
    return this.#registry;
  }

  /** The meter of a stage; the same one for every stream. */
  stage(name: string): StageMeter {
    return this.#tallies.stage(name);
  }

  /** What the stages of this thread have done so far. */
  get stages(): readonly StageStats[] {
    return this.#tallies.stats;
  }

  latency(stage: LatencyStage, ms: number): void {
    this.#latency.observe({ stage }, ms / 1000);
  }

  /** A line's first words, counted from the begin of speech, or its final text, from its end. */
  captionLatency(line: 'first' | 'final', ms: number): void {
    this.#captionLatency.observe({ line }, ms / 1000);
  }

  /** From the end of speech to the first translated packet. */
  voiceLatency(ms: number): void {
    this.#voiceLatency.observe(ms / 1000);
  }

  speech(ms: number): void {
    this.#speech.inc(ms / 1000);
  }

  pacerLate(ms: number): void {
    this.#pacerLate.observe(ms / 1000);
  }

  filled(how: Filling): void {
    this.#filled.inc({ how });
  }

  reordered(): void {
    this.#reordered.inc();
  }

  encoded(): void {
    this.#encoded.inc();
  }

  utterance(outcome: UtteranceOutcome): void {
    this.#utterances.inc({ outcome });
  }

  /** Prometheus text of what was counted here and of what the process knows besides. */
  async text({ speakers, speaking, voices, queues, stages }: Moment): Promise<string> {
    this.#speakers.set(speakers);
    this.#speaking.set(speaking);
    this.#voices.set(voices);
    for (const [queue, ms] of Object.entries(queues)) this.#queues.set({ queue }, ms / 1000);
    this.#items.reset();
    this.#dropped.reset();
    for (const stats of [...this.stages, ...stages]) this.#show(stats);
    return this.#registry.metrics();
  }

  #show({ stage, slowestMs, dropped, ...items }: StageStats): void {
    this.#items.inc({ stage, direction: 'in' }, items.in);
    this.#items.inc({ stage, direction: 'out' }, items.out);
    this.#slowest.set({ stage }, slowestMs / 1000);
    for (const [reason, count] of Object.entries(dropped)) {
      this.#dropped.inc({ stage, reason }, count);
    }
  }
}
