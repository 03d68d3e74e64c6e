import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { TracingOptions } from './options.ts';
import { untraced } from './span.ts';
import type { Tracer } from './span.ts';

/** The process that is traced, and where its own counts are shown. */
export interface Traced {
  /** `media` or `inference`. */
  readonly process: string;
  readonly registry: Registry;
}

/** A tracer as the options ask for. What records and sends is loaded only where it is wanted. */
export async function startTracer(options: TracingOptions, traced: Traced): Promise<Tracer> {
  if (options.url === '') return untraced;
  const { OtlpTracer } = await import('./otlp-tracer.ts');
  const tracer = new OtlpTracer(options, `parley-${traced.process}`);
  new Counter({
    name: `parley_${traced.process}_trace_spans_total`,
    help: 'Spans sent, dropped because too many waited, and not taken by the collector.',
    labelNames: ['outcome'],
    registers: [traced.registry],
    collect() {
      this.reset();
      for (const [outcome, spans] of Object.entries(tracer.counts)) this.inc({ outcome }, spans);
    },
  });
  return tracer;
}
