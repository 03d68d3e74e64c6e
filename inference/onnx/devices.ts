import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { SessionOptions } from './graph.ts';

export type Device = 'cpu' | 'cuda';

/** `auto`: CUDA where there is an NVIDIA device, the processor elsewhere. */
export type DeviceChoice = Device | 'auto';

/**
 * How a model's graphs are run. Threads do not spin, which would burn every core for a second after
 * each run; and no memory pattern is kept, because lengths differ from run to run.
 */
export function sessionOptions(device: Device, threads: number): SessionOptions {
  const quiet = { allow_spinning: '0' };
  return {
    executionProviders: [device],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    // What goes wrong is thrown, and told once.
    logSeverityLevel: 4,
    extra: { session: { intra_op: quiet, inter_op: quiet } },
  };
}

/** What to try, in order. */
export function devicesFor(choice: DeviceChoice, nvidia = hasNvidia): readonly Device[] {
  if (choice === 'cpu' || (choice === 'auto' && !nvidia())) return ['cpu'];
  return ['cuda', 'cpu'];
}

/**
 * Opens on the first device that can be had. ONNX Runtime throws where its CUDA libraries are missing;
 * that falls back to the processor, and says so as an error, since all will be many times slower.
 */
export async function onFirstDevice<T>(
  devices: readonly Device[],
  open: (device: Device) => Promise<T>,
  log: Logger,
): Promise<T> {
  const [device = 'cpu', ...others] = devices;
  try {
    return await open(device);
  } catch (error) {
    if (others.length === 0) throw error;
    log.error(
      { err: error, wanted: device, instead: others[0] },
      'the graphics card cannot be used, so this model runs on the processor, many times slower: ' +
        'this needs the CUDA 12 and cuDNN 9 libraries on the loader path, and onnxruntime-node ' +
        'installed with --onnxruntime-node-install=cuda12',
    );
    return onFirstDevice(others, open, log);
  }
}

function hasNvidia(): boolean {
  return existsSync('/dev/nvidiactl');
}

/**
 * Cores that this process may use, counting two threads of one core once: a second thread of the same
 * core does not make matrix products faster.
 */
export function physicalCores(): number {
  const usable = availableParallelism();
  try {
    const cores = new Set<string>();
    for (const line of readFileSync('/proc/cpuinfo', 'utf8').split('\n\n')) {
      const package_ = /^physical id\s*: (\d+)$/m.exec(line)?.[1];
      const core = /^core id\s*: (\d+)$/m.exec(line)?.[1];
      if (package_ !== undefined && core !== undefined) cores.add(`${package_}:${core}`);
    }
    return cores.size > 0 ? Math.min(cores.size, usable) : usable;
  } catch {
    return usable;
  }
}
