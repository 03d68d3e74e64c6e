import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueGauge } from './process/serial-queue.ts';
import { currentSpan, traced } from './protocol/tracing/span.ts';

const PREFIX = 'parley_inference_';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What `/metrics` of the inference process tells. */
export class InferenceMetrics {
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: 'parley_inference_requests_total',
    help: 'Infer requests by model and outcome.',
    labelNames: ['model', 'outcome'],
    registers: [this.registry],
  });
  readonly requestSeconds = new Histogram({
    name: 'parley_inference_request_duration_seconds',
    help: 'Time from an infer request to its answer.',
    labelNames: ['model'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly stageSeconds = new Histogram({
    name: 'parley_inference_stage_duration_seconds',
    help: 'Time of one piece of work: decode (of one part), finish (after the last audio), translate, speak.',
    labelNames: ['stage'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly realTimeFactor = new Histogram({
    name: 'parley_inference_decode_realtime_ratio',
    help: 'Decoding time of a part over its duration.',
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 4],
    registers: [this.registry],
  });
  readonly utterances = new Gauge({
    name: 'parley_inference_open_utterances',
    help: 'Utterances begun and not ended.',
    registers: [this.registry],
  });
  readonly restarts = new Counter({
    name: 'parley_inference_restarts_total',
    help: 'Restarts by program.',
    labelNames: ['program'],
    registers: [this.registry],
  });
  readonly hangs = new Counter({
    name: 'parley_inference_hangs_total',
    help: 'Programs killed because they no longer answered.',
    labelNames: ['program'],
    registers: [this.registry],
  });
  readonly voiceFallbacks = new Counter({
    name: 'parley_inference_voice_fallbacks_total',
    help: 'Texts that a voice could not speak and left to the next, by voice and reason.',
    labelNames: ['voice', 'reason'],
    registers: [this.registry],
  });
  readonly #queueLength = new Gauge({
    name: 'parley_inference_queue_length',
    help: 'Requests that wait, by queue.',
    labelNames: ['queue'],
    registers: [this.registry],
  });
  readonly #queueWait = new Histogram({
    name: 'parley_inference_queue_wait_seconds',
    help: 'How long requests waited for their turn, by queue.',
    labelNames: ['queue'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly dropped = new Counter({
    name: 'parley_inference_dropped_total',
    help: 'Work given up, by queue and reason.',
    labelNames: ['queue', 'reason'],
    registers: [this.registry],
  });

  /** With Node's own figures of this process, which are left out where several run in one. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: PREFIX });
    // Gauges under the names of counters; the same figures are there by type.
    for (const what of ['resources', 'handles', 'requests'])
      this.registry.removeSingleMetric(`${PREFIX}nodejs_active_${what}_total`);
  }

  /** Times and traces one piece of work; what fails is not timed. */
  async timed<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const stop = this.stageSeconds.startTimer({ stage });
    const result = await traced(stage, work);
    stop();
    return result;
  }

  restarted(program: string, why: 'ended' | 'hung'): void {
    this.restarts.inc({ program });
    if (why === 'hung') this.hangs.inc({ program });
  }

  queue(queue: string): QueueGauge {
    return {
      setLength: (length) => {
        this.#queueLength.set({ queue }, length);
      },
      dropped: (reason) => {
        this.dropped.inc({ queue, reason });
      },
      waits: () => {
        const stop = this.#queueWait.startTimer({ queue });
        const span = currentSpan()?.child('wait', { facts: { queue } });
        return () => {
          stop();
          span?.end();
        };
      },
    };
  }
}
