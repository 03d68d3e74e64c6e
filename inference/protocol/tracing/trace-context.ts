import { randomBytes } from 'node:crypto';

/** The header that carries it. */
export const TRACE_HEADER = 'traceparent';

/** A place in a trace, as it travels between processes (W3C Trace Context, level 1). */
export interface TraceContext {
  /** 32 hex digits; also what an utterance is called in logs, traced or not. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Whether this trace is recorded. */
  readonly sampled: boolean;
}

/** Version 00. Later versions begin with the same fields and may go on after them. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const SAMPLED = 0x01;

/** Undefined for what is no such header: whoever gets it begins a trace of their own. */
export function parseTraceparent(header: string): TraceContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** The context of something that nobody records. */
export function unsampled(traceId = randomBytes(16).toString('hex')): TraceContext {
  return { traceId, spanId: randomBytes(8).toString('hex'), sampled: false };
}
