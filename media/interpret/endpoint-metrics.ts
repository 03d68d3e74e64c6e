import { Counter, Gauge, type Registry } from 'prom-client';
import { ENDPOINT_STATES, type EndpointFigures } from '../../inference/protocol/pool/endpoint.ts';

/** How the servers of a pool fare. `endpoint` is a host and port that the operator has set. */
export function registerEndpoints(
  registry: Registry,
  process: 'media' | 'files',
  endpoints: () => readonly EndpointFigures[],
): void {
  const registers = [registry];
  const name = (what: string): string => `parley_${process}_endpoint_${what}`;
  new Gauge({
    ...{ registers, labelNames: ['endpoint', 'state'] },
    name: name('state'),
    help: '1 for the state that an inference endpoint is in.',
    collect() {
      this.reset();
      for (const { endpoint, state: now } of endpoints()) {
        for (const state of ENDPOINT_STATES) this.set({ endpoint, state }, Number(state === now));
      }
    },
  });
  const gauges = {
    in_flight: ['Requests that an inference endpoint is working on.', 'inFlight'],
    queue_length: ['Requests that wait for an inference endpoint.', 'waiting'],
    utterances: ['Utterances that an inference endpoint is in the middle of.', 'utterances'],
  } as const;
  for (const [what, [help, figure]] of Object.entries(gauges)) {
    new Gauge({
      ...{ registers, help, labelNames: ['endpoint'] },
      name: name(what),
      collect() {
        this.reset();
        for (const one of endpoints()) this.set({ endpoint: one.endpoint }, one[figure]);
      },
    });
  }
  new Counter({
    ...{ registers, labelNames: ['endpoint', 'outcome'] },
    name: name('requests_total'),
    help: 'Requests to an inference endpoint by outcome.',
    collect() {
      this.reset();
      for (const { endpoint, outcomes } of endpoints()) {
        for (const [outcome, count] of Object.entries(outcomes)) {
          this.inc({ endpoint, outcome }, count);
        }
      }
    },
  });
  new Counter({
    ...{ registers, labelNames: ['endpoint'] },
    name: name('failovers_total'),
    help: 'Utterances and requests that another inference endpoint took over.',
    collect() {
      this.reset();
      for (const { endpoint, failovers } of endpoints()) this.inc({ endpoint }, failovers);
    },
  });
}
