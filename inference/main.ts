import { constants, setPriority } from 'node:os';
import { pino } from 'pino';
import { InferenceMetrics } from './metrics.ts';
import { startEngine } from './engine.ts';
import { inferenceOptionsSchema } from './options.ts';
import { ProtocolServer } from './protocol/server.ts';
import { tracingOff, tracingOptionsSchema } from './protocol/tracing/options.ts';
import { currentSpan, traceOf } from './protocol/tracing/span.ts';
import { startTracer } from './protocol/tracing/start-tracer.ts';

/**
 * The inference process: serves the engine over the Open Inference Protocol. Started by the
 * server process with its options as one JSON argument; tells its address, and ends on `shutdown`
 * or when the server process is gone.
 */

// Packets go before words: a recogniser takes what processor time the media process leaves. Its
// programs inherit this; lowering needs no privilege.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const { tracing, ...options } = inferenceOptionsSchema
  .extend({ tracing: tracingOptionsSchema.default(tracingOff) })
  .parse(JSON.parse(process.argv[2] ?? 'null'));
const log = pino({
  name: 'inference',
  level: options.logLevel,
  mixin: () => traceOf(currentSpan()),
  ...(process.stdout.isTTY ? { transport: { target: 'pino-pretty' } } : {}),
});

// Ctrl-C reaches the whole process group; the server process decides.
process.on('SIGINT', () => undefined);

const metrics = new InferenceMetrics();
metrics.collectProcess();
const tracer = await startTracer(tracing, { process: 'inference', registry: metrics.registry });
const engine = await startEngine({ options, log, metrics });
const server = await ProtocolServer.create(engine, {
  ...options,
  metrics: () => metrics.registry.metrics(),
  tracer,
  onInfer: ({ model, outcome, durationMs }) => {
    metrics.requests.inc({ model, outcome });
    metrics.requestSeconds.observe({ model }, durationMs / 1000);
    const isOurs = outcome === 'failed' || outcome === 'overloaded';
    log[isOurs ? 'warn' : 'debug']({ model, outcome, durationMs }, 'a request was answered');
  },
});

let closing = false;
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  await server.close();
  await engine.close();
  await tracer.close();
  log.info('closed');
  if (process.connected) process.disconnect();
}

process.on('disconnect', () => void close());
process.on('SIGTERM', () => void close());
process.on('message', (message) => {
  if (isShutdown(message)) void close();
});
// A message that the server process was no longer there for.
process.on('error', () => void close());

const isOrphan = process.send !== undefined && !process.connected;
if (isOrphan) await close();
else {
  process.send?.({ type: 'ready', url: server.url });
  log.info({ url: server.url, engine: engine.languages.engine }, 'serving models');
}

function isShutdown(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'shutdown'
  );
}
