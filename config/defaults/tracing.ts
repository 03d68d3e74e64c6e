import type { Config } from '../schema.ts';

/** Traces of what happens to an utterance on its way through the processes. See docs/operations.md. */
export const tracing: Config['tracing'] = {
  /** Where OTLP over HTTP is taken, such as http://collector:4318/v1/traces; empty: no traces. */
  url: '',
  /** Share of utterances that are traced, 0 to 1. */
  ratio: 1,
  /** Spans that may wait to be sent, in each process; the next is dropped and counted. */
  maxWaiting: 2_048,
};
