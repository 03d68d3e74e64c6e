import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tracingOff } from '../../../../../inference/protocol/tracing/options.ts';
import {
  currentSpan,
  spanned,
  traced,
  traceHeaders,
  untraced,
  within,
} from '../../../../../inference/protocol/tracing/span.ts';
import type { Tracer } from '../../../../../inference/protocol/tracing/span.ts';
import { startTracer } from '../../../../../inference/protocol/tracing/start-tracer.ts';
import { InferenceError } from '../../../../../inference/protocol/inference-error.ts';
import { unsampled } from '../../../../../inference/protocol/tracing/trace-context.ts';
import { TraceCollector } from '../../../../support/trace-collector.ts';

const PARENT = { ...unsampled(), sampled: true };

let collector: TraceCollector;
let registry: Registry;

const start = (changes: { ratio?: number; maxWaiting?: number; url?: string } = {}) =>
  startTracer(
    { ...tracingOff, url: collector.url, ...changes },
    { process: 'inference', registry },
  );

beforeEach(async () => {
  collector = await TraceCollector.open();
  registry = new Registry();
});

afterEach(() => collector[Symbol.asyncDispose]());

describe('a trace', () => {
  let tracer: Tracer;

  beforeEach(async () => {
    tracer = await start();
  });

  it('has the spans, times and facts that it was told', async () => {
    const root = tracer.begin('utterance', { at: 1_000.25, facts: { source: 'en' } });
    const part = root.child('voice', { at: 1_002, facts: { language: 'es', batch: 2 } });
    part.add({ ok: true });
    part.end({ at: 1_005.5 });
    root.end({ at: 1_010, failed: 'overloaded' });
    await tracer.close();
    const [utterance] = collector.named('utterance');
    const [voice] = collector.named('voice');
    expect(utterance).toMatchObject({ startedAt: 1_000.25, endedAt: 1_010, failed: 'overloaded' });
    expect(utterance).toMatchObject({ service: 'parley-inference', facts: { source: 'en' } });
    expect(voice).toMatchObject({ startedAt: 1_002, endedAt: 1_005.5, parent: utterance?.id });
    expect(voice?.facts).toEqual({ language: 'es', batch: 2, ok: true });
    expect(voice?.failed).toBeUndefined();
  });

  it('goes on where a request left it, and on to the next request', async () => {
    const span = tracer.begin('speech', { parent: PARENT, peer: 'asker' });
    const headers = within(span, traceHeaders);
    span.end();
    await tracer.close();
    const [speech] = collector.spans;
    expect(speech).toMatchObject({ trace: PARENT.traceId, parent: PARENT.spanId });
    expect(headers).toEqual({ traceparent: `00-${PARENT.traceId}-${speech?.id ?? ''}-01` });
  });

  it('tells why work failed by its code, never by a message that may repeat what was said', async () => {
    const failing = () => Promise.reject(new InferenceError('overloaded', 'my secret words'));
    await expect(within(tracer.begin('request'), () => traced('speak', failing))).rejects.toThrow();
    await expect(
      spanned(tracer.begin('other'), () => Promise.reject(new TypeError('more secrets'))),
    ).rejects.toThrow();
    await tracer.close();
    expect(collector.named('speak')[0]?.failed).toBe('overloaded');
    expect(collector.named('other')[0]?.failed).toBe('TypeError');
    expect(collector.bodies.join()).not.toContain('secret');
  });

  it('follows work through what it awaits, each its own', async () => {
    const names = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const span = tracer.begin(name);
        const seen = await within(span, async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return currentSpan()?.context.traceId;
        });
        return seen === span.context.traceId;
      }),
    );
    expect(names).toEqual([true, true]);
    expect(currentSpan()).toBeUndefined();
    await tracer.close();
  });
});

describe('what is traced', () => {
  it('is nothing at a ratio of 0, though everything has its id', async () => {
    const tracer = await start({ ratio: 0 });
    const span = tracer.begin('utterance');
    expect(span.context).toMatchObject({ sampled: false });
    expect(span.context.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.child('part').context.traceId).toBe(span.context.traceId);
    span.child('part').end();
    span.end();
    await tracer.close();
    expect(collector.spans).toEqual([]);
  });

  it('is decided by whoever began the trace', async () => {
    const never = await start({ ratio: 0 });
    never.begin('wanted', { parent: PARENT }).end();
    await never.close();
    registry.clear();
    const always = await start({ ratio: 1 });
    always.begin('unwanted', { parent: unsampled() }).end();
    await always.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['wanted']);
  });
});

describe('spans that wait to be sent', () => {
  it('are so many and no more; the rest is dropped and counted', async () => {
    const tracer = await start({ maxWaiting: 3 });
    for (let at = 0; at < 5; at += 1) tracer.begin(`span ${at}`).end();
    await tracer.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['span 0', 'span 1', 'span 2']);
    expect(tracer.counts).toEqual({ exported: 3, dropped: 2, failed: 0 });
    expect(await registry.metrics()).toContain(
      'parley_inference_trace_spans_total{outcome="dropped"} 2',
    );
  });

  it('that a collector does not want are counted too', async () => {
    const tracer = await start();
    collector.willing = false;
    tracer.begin('utterance').end();
    await tracer.close();
    expect(tracer.counts).toEqual({ exported: 0, dropped: 0, failed: 1 });
  });

  it('do not hold up the end of the process when a collector hangs', async () => {
    const hanging = createServer().listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const address = hanging.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const tracer = await start({ url: `http://127.0.0.1:${port}/v1/traces` });
    tracer.begin('utterance').end();
    const began = performance.now();
    await tracer.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    hanging.close();
  });
});

describe('without tracing', () => {
  it('everything has its ids, and nothing is recorded', async () => {
    const tracer = await startTracer(tracingOff, { process: 'inference', registry });
    expect(tracer).toBe(untraced);
    const span = tracer.begin('utterance');
    expect(tracer.begin('other').context.traceId).not.toBe(span.context.traceId);
    expect(tracer.begin('request', { parent: PARENT }).context.traceId).toBe(PARENT.traceId);
    await within(span, () => traced('part', () => Promise.resolve()));
    expect(await registry.metrics()).not.toContain('trace_spans');
  });

  it('none of OpenTelemetry is loaded', () => {
    const program = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const { startTracer } = await import('./inference/protocol/tracing/start-tracer.ts');
      const options = (url) => ({ url, ratio: 1, maxWaiting: 1 });
      const { Registry } = await import('prom-client');
      const start = (url) => startTracer(options(url), { process: 'media', registry: new Registry() });
      const ours = () => loaded.filter((url) => url.includes('opentelemetry')).length;
      loaded.length = 0;
      await start('');
      const off = ours();
      const tracer = await start('http://127.0.0.1:1/');
      console.log(JSON.stringify({ off, on: ours() > 0 }));
      await tracer.close();
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual({ off: 0, on: true });
  });
});
