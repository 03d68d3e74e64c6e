import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

const PREFIX = 'parley_files_';

export type JobKind = 'transcribe' | 'translate' | 'speak';
export type JobOutcome = 'done' | 'cancelled' | 'refused' | 'failed';

/** What the files process counts about itself. No file, person or word is ever a label. */
export class FilesMetrics {
  readonly registry = new Registry();
  readonly #jobs = new Counter({
    name: 'parley_files_jobs_total',
    help: 'Recordings and texts taken from the API, by what was asked and how it ended.',
    labelNames: ['kind', 'outcome'],
    registers: [this.registry],
  });
  readonly #audio = new Counter({
    name: 'parley_files_audio_seconds_total',
    help: 'Sound of recordings listened to.',
    registers: [this.registry],
  });
  readonly #waits = new Counter({
    name: 'parley_files_engine_waits_total',
    help: 'Requests put off because the engine was full or away.',
    registers: [this.registry],
  });

  constructor(running: () => number) {
    new Gauge({
      name: 'parley_files_jobs',
      help: 'Recordings and texts that are being worked on.',
      registers: [this.registry],
      collect() {
        this.set(running());
      },
    });
  }

  /** For a process of its own; left out in tests, which share theirs. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: PREFIX });
    // Gauges under the names of counters; the same figures are there by type.
    for (const what of ['resources', 'handles', 'requests'])
      this.registry.removeSingleMetric(`${PREFIX}nodejs_active_${what}_total`);
  }

  job(kind: JobKind, outcome: JobOutcome): void {
    this.#jobs.inc({ kind, outcome });
  }

  heard(ms: number): void {
    this.#audio.inc(ms / 1000);
  }

  waited(): void {
    this.#waits.inc();
  }
}
