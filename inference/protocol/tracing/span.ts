import { AsyncLocalStorage } from 'node:async_hooks';
import { formatTraceparent, TRACE_HEADER, unsampled } from './trace-context.ts';
import type { TraceContext } from './trace-context.ts';

/** What is told of a span: languages, numbers, outcomes. Never words, names or tokens. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  /** Milliseconds since 1970, with fractions; now unless given. */
  readonly at?: number;
  /** Who is on the other side of a wire: whom this asks, or who asked. */
  readonly peer?: 'asked' | 'asker';
  readonly facts?: Facts;
}

export interface SpanEnd {
  readonly at?: number;
  /** Why it failed, as a code. */
  readonly failed?: string;
}

/** A stretch of work in a trace. */
export interface Span {
  readonly context: TraceContext;
  /** A part of this, or something that this caused. */
  child(name: string, start?: SpanStart): Span;
  add(facts: Facts): void;
  /** Once. */
  end(end?: SpanEnd): void;
}

/** Begins traces. Owns what sends them. */
export interface Tracer {
  /** The first span of a trace, or of what this process does in one that came with a request. */
  begin(name: string, start?: SpanStart & { readonly parent?: TraceContext | undefined }): Span;
  /** Spans since the start, by what became of them. */
  readonly counts: Readonly<Record<'exported' | 'dropped' | 'failed', number>>;
  /** Sends what waits, for a short while. */
  close(): Promise<void>;
}

/** Records nothing; its spans have ids all the same, by which logs name what belongs together. */
export const untraced: Tracer = {
  begin: (_name, { parent } = {}) => new Unrecorded(parent ?? unsampled()),
  counts: { exported: 0, dropped: 0, failed: 0 },
  close: () => Promise.resolve(),
};

class Unrecorded implements Span {
  readonly context: TraceContext;

  constructor(context: TraceContext) {
    this.context = { ...context, sampled: false };
  }

  child(): Span {
    return this;
  }

  add(): void {
    // Nobody will read it.
  }

  end(): void {
    // Nor this.
  }
}

const working = new AsyncLocalStorage<Span>();

/** The span of the work that is being done here. */
export function currentSpan(): Span | undefined {
  return working.getStore();
}

/** Does `work` as part of a span: `currentSpan` is this one in all that it calls and awaits. */
export function within<T>(span: Span, work: () => T): T {
  return working.run(span, work);
}

/** Traces `work` as a part of the current span, if there is one that is recorded. */
export async function traced<T>(
  name: string,
  work: () => Promise<T>,
  start?: SpanStart,
): Promise<T> {
  const current = currentSpan();
  if (current?.context.sampled !== true) return work();
  return spanned(current.child(name, start), work);
}

/** Does `work` within a span that ends with it; `now` is asked for the time, if it is given. */
export async function spanned<T>(
  span: Span,
  work: () => Promise<T>,
  now?: () => number,
): Promise<T> {
  const end = (failure: SpanEnd = {}): void => {
    span.end({ ...failure, ...(now && { at: now() }) });
  };
  try {
    const result = await within(span, work);
    end();
    return result;
  } catch (error) {
    end({ failed: codeOf(error) });
    throw error;
  }
}

/** The code of an error of ours, or its kind: a message might repeat what was said. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** For a request that is a part of the current span. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const current = currentSpan();
  return current === undefined ? {} : { [TRACE_HEADER]: formatTraceparent(current.context) };
}

/** For the lines of a log: which trace they belong to. */
export function traceOf(span: Span | undefined): { readonly trace?: string } {
  return span === undefined ? {} : { trace: span.context.traceId };
}
