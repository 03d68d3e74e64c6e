import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, HrTime, Span as SdkSpan, Tracer as SdkTracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { CountedQueue } from './counted-queue.ts';
import type { TracingOptions } from './options.ts';
import type { Facts, Span, SpanEnd, SpanStart, Tracer } from './span.ts';
import type { TraceContext } from './trace-context.ts';

/** A collector that takes longer when the process ends is not waited for. */
const LAST_WORDS_MS = 1_000;

const kinds = { asked: SpanKind.CLIENT, asker: SpanKind.SERVER } as const;

/**
 * Sends traces to a collector as OTLP over HTTP, in the background. `OTEL_EXPORTER_OTLP_HEADERS` and
 * the like apply, as the exporter reads them.
 */
export class OtlpTracer implements Tracer {
  readonly #queue: CountedQueue;
  readonly #provider: TracerProvider;
  readonly #tracer: SdkTracer;

  /** `service`: what the process is called in traces. */
  constructor({ url, ratio, maxWaiting }: TracingOptions, service: string) {
    this.#queue = new CountedQueue(new OTLPTraceExporter({ url }), maxWaiting);
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      sampler: sampled(ratio),
      spanProcessors: [this.#queue],
    });
    this.#tracer = this.#provider.getTracer('parley');
  }

  get counts(): Tracer['counts'] {
    return this.#queue.counts;
  }

  begin(name: string, start: Parameters<Tracer['begin']>[1] = {}): Span {
    const { parent } = start;
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, remote(parent)) : ROOT_CONTEXT;
    const source = { tracer: this.#tracer, origin: Date.now() - performance.now() };
    return RecordedSpan.start(source, context, name, start);
  }

  async close(): Promise<void> {
    const over = new AbortController();
    const late = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LAST_WORDS_MS);
      over.signal.addEventListener('abort', () => {
        clearTimeout(timer);
      });
    });
    // What cannot be sent is lost with the process.
    await Promise.race([this.#provider.shutdown().catch(() => undefined), late]);
    over.abort();
  }
}

/** What all spans of a trace in this process have in common. */
interface Source {
  readonly tracer: SdkTracer;
  /** Wall time of the monotonic clock's zero. */
  readonly origin: number;
}

class RecordedSpan implements Span {
  readonly #source: Source;
  readonly #span: SdkSpan;

  private constructor(source: Source, span: SdkSpan) {
    this.#source = source;
    this.#span = span;
  }

  static start(source: Source, parent: Context, name: string, start: SpanStart): RecordedSpan {
    const { at, peer, facts } = start;
    const options = {
      startTime: hrTime(at ?? source.origin + performance.now()),
      kind: peer ? kinds[peer] : SpanKind.INTERNAL,
      attributes: named(facts),
    };
    return new RecordedSpan(source, source.tracer.startSpan(name, options, parent));
  }

  get context(): TraceContext {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
  }

  child(name: string, start: SpanStart = {}): Span {
    const parent = trace.setSpan(ROOT_CONTEXT, this.#span);
    return RecordedSpan.start(this.#source, parent, name, start);
  }

  add(facts: Facts): void {
    this.#span.setAttributes(named(facts));
  }

  end({ at, failed }: SpanEnd = {}): void {
    if (failed !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failed });
    this.#span.end(hrTime(at ?? this.#source.origin + performance.now()));
  }
}

/** Whoever began a trace has decided for all; a new one is recorded in so many cases. */
function sampled(ratio: number): Sampler {
  const byRatio = new TraceIdRatioBasedSampler(ratio);
  const all = new TraceIdRatioBasedSampler(1);
  const none = new TraceIdRatioBasedSampler(0);
  return {
    shouldSample: (context, traceId) => {
      const parent = trace.getSpanContext(context);
      if (!parent) return byRatio.shouldSample(context, traceId);
      const isSampled = (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
      return (isSampled ? all : none).shouldSample(context, traceId);
    },
    toString: () => `ParentOrRatio{${ratio}}`,
  };
}

function remote({ traceId, spanId, sampled: isSampled }: TraceContext) {
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return { traceId, spanId, traceFlags, isRemote: true };
}

/** Seconds and nanoseconds: what a bare number means, the SDK guesses. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

function named(facts: Facts = {}): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [`parley.${name}`, fact]));
}
