import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatTraceparent,
  parseTraceparent,
  unsampled,
} from '../../../../../inference/protocol/tracing/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a traceparent header', () => {
  it('is read as the W3C writes it', () => {
    const parsed = { traceId: TRACE, spanId: SPAN };
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ ...parsed, sampled: true });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)).toEqual({ ...parsed, sampled: false });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)).toEqual({ ...parsed, sampled: true });
  });

  it('of a later version is read as far as it is known', () => {
    expect(parseTraceparent(`01-${TRACE}-${SPAN}-01-more`)?.traceId).toBe(TRACE);
  });

  it.each([
    '',
    'nonsense',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
    ` 00-${TRACE}-${SPAN}-01`,
  ])('that is none is ignored: %j', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('is read as it was written, and nothing else ever throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (header, sampled) => {
        parseTraceparent(header);
        const context = { ...unsampled(), sampled };
        expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
      }),
    );
  });
});
