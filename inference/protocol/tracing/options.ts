import { z } from 'zod';

/** Traces of what happens to an utterance, the same for all processes. Off unless there is a URL. */
export const tracingOptionsSchema = z.strictObject({
  /** Where OTLP over HTTP is taken, such as http://collector:4318/v1/traces; empty: no traces. */
  url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })], 'neither empty nor an address'),
  /** Share of utterances that are traced, 0 to 1. */
  ratio: z.number().min(0).max(1),
  /** Spans that may wait to be sent; the next is dropped. */
  maxWaiting: z.int().min(1).max(100_000),
});

export type TracingOptions = Readonly<z.infer<typeof tracingOptionsSchema>>;

export const tracingOff: TracingOptions = { url: '', ratio: 1, maxWaiting: 2_048 };
