import { constants, setPriority } from 'node:os';
import { pino } from 'pino';
import { connectModels } from '../../inference/protocol/pool/connect.ts';
import { registerEndpoints } from '../interpret/endpoint-metrics.ts';
import { SileroVad } from '../vad/silero.ts';
import { createFilesApp } from './http.ts';
import type { FilesToServer, ServerToFiles } from './messages.ts';
import { FilesOptions } from './options.ts';
import { FilesService } from './service.ts';

/** An engine busy starting may take its time to say so. */
const HEALTH_TIMEOUT_MS = 2_000;

/**
 * The files process: what the HTTP API asks for, away from calls. Started by the server process with
 * its options as one JSON argument; tells its address, and ends on `shutdown` or when the server
 * process is gone.
 */

// Calls go first, in all that this process and the programs it starts do.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const options = FilesOptions.parse(JSON.parse(process.argv[2] ?? 'null'));
const log = pino({
  name: 'files',
  level: options.logLevel,
  ...(process.stdout.isTTY && { transport: { target: 'pino-pretty' } }),
});

// Ctrl-C reaches the whole process group; the server process decides.
process.on('SIGINT', () => undefined);

const vad = await SileroVad.create(undefined, options.vadModel);
const timeouts = { timeoutMs: options.answerTimeoutMs, healthTimeoutMs: HEALTH_TIMEOUT_MS };
const service = new FilesService({
  ...{ options, vad },
  connectModels: (at) => connectModels(at, timeouts, () => undefined),
});
service.metrics.collectProcess();
registerEndpoints(service.metrics.registry, 'files', () => service.endpoints);
const app = createFilesApp(service, log);
await app.listen({ host: '127.0.0.1', port: 0 });

let closing: Promise<void> | undefined;
function close(): Promise<void> {
  closing ??= (async () => {
    await service.close();
    await app.close();
    await vad[Symbol.asyncDispose]();
    log.info('closed');
    if (process.connected) process.disconnect();
  })();
  return closing;
}

process.on('disconnect', () => void close());
process.on('SIGTERM', () => void close());
// A message that the server process was no longer there for.
process.on('error', () => void close());
process.on('message', (message: ServerToFiles) => {
  switch (message.type) {
    case 'engine':
      service.useEngine(message).catch((error: unknown) => {
        log.error({ err: error }, 'the engine cannot be used');
      });
      break;
    case 'shutdown':
      void close();
      break;
    default:
      message satisfies never;
  }
});

const isOrphan = process.send !== undefined && !process.connected;
if (isOrphan) await close();
else {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const ready: FilesToServer = { type: 'ready', url: `http://127.0.0.1:${address.port}` };
  process.send?.(ready);
  log.info({ url: ready.url }, 'ready');
}
