import { randomInt } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { createWorker } from 'mediasoup';
import type { WebRtcServer, Worker } from 'mediasoup/types';
import { StartError } from '../errors.ts';
import { Census } from './census.ts';
import type { ListenAddress } from './listen-address.ts';
import { workerBinary } from './worker/location.ts';

/** Below the ports Linux hands out by itself. */
const ANY_PORT = { min: 20_000, max: 32_000 };
const CLOSE_TIMEOUT_MS = 2_000;
const PORT_ATTEMPTS = 16;

/** One worker process with the server its WebRTC transports share. */
export interface MediaWorker {
  readonly worker: Worker;
  readonly webRtcServer: WebRtcServer;
  /** Routers on this worker, with what to call when it dies. */
  readonly routers: Set<() => void>;
  /** What is open on this worker. */
  readonly census: Census;
}

export interface MediaWorkerOptions {
  /** At least one, of different families. */
  readonly addresses: readonly ListenAddress[];
  /** For UDP and TCP; 0: any that is free. */
  readonly port: number;
}

/** Rejects with a StartError when a worker cannot run or its port is taken. */
export async function startWorker(options: MediaWorkerOptions): Promise<MediaWorker> {
  const worker = await spawn();
  try {
    const census = new Census();
    census.watch(worker);
    return { worker, webRtcServer: await listen(worker, options), routers: new Set(), census };
  } catch (error) {
    await closeWorker(worker);
    throw error;
  }
}

/** A worker leaves by itself when told; one that does not is ended by force. */
export async function closeWorker(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (worker.subprocessClosed) resolve();
    else worker.once('subprocessclose', resolve);
  });
  worker.close();
  const force = setTimeout(() => {
    killWorker(worker);
  }, CLOSE_TIMEOUT_MS);
  await ended;
  clearTimeout(force);
}

/** Ends it at once; it then dies like one that crashed. */
export function killWorker(worker: Worker): void {
  if (!worker.subprocessClosed) process.kill(worker.pid, 'SIGKILL');
}

async function spawn(): Promise<Worker> {
  const workerBin = workerBinary();
  try {
    return await untouchedBySignals(() =>
      createWorker({ logLevel: 'warn', ...(workerBin && { workerBin }) }),
    );
  } catch (cause) {
    throw new StartError(
      `The media worker does not start (${workerBin ?? 'mediasoup’s own binary'}). ` +
        'Run "npm start", which builds it when it is missing.',
      { cause },
    );
  }
}

/**
 * mediasoup closes each worker at SIGINT and SIGTERM by listeners of its own. Here the server decides
 * when its workers end: after SIGTERM its meetings go on. Listeners are added as the call is made.
 */
function untouchedBySignals<T>(start: () => T): T {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const started = start();
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (before[index]?.includes(listener) !== true) process.off(signal, listener);
    }
  }
  return started;
}

/** One port for UDP and TCP in each family: the worker's own, or with port 0 one that is found free. */
async function listen(worker: Worker, { addresses, port }: MediaWorkerOptions) {
  const anyPort = () => randomInt(ANY_PORT.min, ANY_PORT.max);
  const ports = port === 0 ? Array.from({ length: PORT_ATTEMPTS }, anyPort) : [port];
  let failure: unknown;
  for (const candidate of ports) {
    try {
      return await worker.createWebRtcServer({
        listenInfos: addresses.flatMap((address) => {
          // Both families have the same port, so neither may take the other's.
          const info = { ...address, port: candidate, flags: { ipv6Only: isIPv6(address.ip) } };
          return [
            { ...info, protocol: 'udp' as const },
            { ...info, protocol: 'tcp' as const },
          ];
        }),
      });
    } catch (error) {
      failure = error;
    }
  }
  throw new StartError(
    `Port ${ports.at(-1) ?? port} for media (UDP and TCP) on ${addresses.map(({ ip }) => ip).join(' and ')} cannot be used. ` +
      'Stop the program that holds it, or set PARLEY_RTC_PORT to another port.',
    { cause: failure },
  );
}
