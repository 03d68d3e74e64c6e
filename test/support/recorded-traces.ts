import type {
  Facts,
  Span,
  SpanEnd,
  SpanStart,
  Tracer,
} from '../../inference/protocol/tracing/span.ts';
import { unsampled } from '../../inference/protocol/tracing/trace-context.ts';
import type { TraceContext } from '../../inference/protocol/tracing/trace-context.ts';

/** A tracer that keeps what it is told; its spans are one beneath the other. */
export class RecordedTraces implements Tracer {
  readonly spans: RecordedSpan[] = [];
  readonly counts = { exported: 0, dropped: 0, failed: 0 };

  begin(name: string, start: SpanStart = {}): RecordedSpan {
    return this.#keep(new RecordedSpan(name, start, undefined, (span) => this.#keep(span)));
  }

  named(name: string): readonly RecordedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #keep(span: RecordedSpan): RecordedSpan {
    this.spans.push(span);
    return span;
  }
}

export class RecordedSpan implements Span {
  readonly name: string;
  readonly startedAt: number;
  readonly parent: RecordedSpan | undefined;
  readonly context: TraceContext;
  readonly facts: Record<string, string | number | boolean>;
  /** Each end that it was told: one, when all is well. */
  readonly ends: SpanEnd[] = [];
  readonly #keep: (span: RecordedSpan) => RecordedSpan;

  constructor(
    name: string,
    { at = 0, facts = {} }: SpanStart,
    parent: RecordedSpan | undefined,
    keep: (span: RecordedSpan) => RecordedSpan,
  ) {
    this.name = name;
    this.startedAt = at;
    this.facts = { ...facts };
    this.parent = parent;
    this.context = { ...unsampled(parent?.context.traceId), sampled: true };
    this.#keep = keep;
  }

  child(name: string, start: SpanStart = {}): RecordedSpan {
    return this.#keep(new RecordedSpan(name, start, this, this.#keep));
  }

  add(facts: Facts): void {
    Object.assign(this.facts, facts);
  }

  end(end: SpanEnd = {}): void {
    this.ends.push(end);
  }
}
