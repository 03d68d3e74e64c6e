import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Tracer } from './span.ts';

/** Spans wait no longer than this for others to be sent with. */
const GATHER_MS = 1_000;
const LARGEST_BATCH = 512;
const EXPORT_TIMEOUT_MS = 10_000;

/**
 * Spans on their way to the collector, until it has taken them: there may be so many, the next is
 * dropped, and all are counted.
 */
export class CountedQueue implements SpanProcessor {
  readonly #batches: BatchSpanProcessor;
  readonly #maxWaiting: number;
  readonly #counts = { exported: 0, dropped: 0, failed: 0 };
  #waiting = 0;

  constructor(exporter: SpanExporter, maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
    this.#batches = new BatchSpanProcessor({
      exporter: this.#counting(exporter),
      maxQueueSize: maxWaiting,
      maxExportBatchSize: Math.min(LARGEST_BATCH, maxWaiting),
      scheduledDelayMillis: GATHER_MS,
      exportTimeoutMillis: EXPORT_TIMEOUT_MS,
    });
  }

  get counts(): Tracer['counts'] {
    return { ...this.#counts };
  }

  onStart(): void {
    // Only what has ended is sent.
  }

  onEnd(span: ReadableSpan): void {
    if (this.#waiting >= this.#maxWaiting) {
      this.#counts.dropped += 1;
      return;
    }
    this.#waiting += 1;
    this.#batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown();
  }

  #counting(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) => {
        exporter.export(spans, (result) => {
          this.#waiting -= spans.length;
          this.#counts[result.error ? 'failed' : 'exported'] += spans.length;
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
    };
  }
}
