/** Provides mediasoup's worker: a cached one, the one mediasoup has compiled, or one compiled here. */
import { mkdirSync } from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { prepareBuild } from '../server/sfu/worker/build.mjs';
import { installPackages } from './apt.mjs';
import { SetupFailure } from './failure.mjs';
import { locked } from './lock.mjs';
import { FOR_BUILDING } from './packages.mjs';
import { MODULES, ROOT, WORKER_CACHE } from './places.mjs';
import { downloadWorker, isPublished } from './prebuilt-worker.mjs';
import { CommandFailure, run } from './run.mjs';
import { readState, writeState } from './state.mjs';
import * as cache from './worker-cache.mjs';

/** What one compiler may need of the memory. */
const BYTES_A_COMPILER = 1024 ** 3;

/**
 * Whether provideWorker is going to compile, as far as can be told beforehand: the packages that
 * takes are then installed together with the others.
 */
export async function mustCompileWorker() {
  const wanted = cache.wantedWorker();
  if (process.env.MEDIASOUP_WORKER_BIN || isProvided(wanted)) return false;
  return cache.cachedWorkers(wanted).length === 0 && !(await isPublished(wanted));
}

/**
 * Sees to it that there is a worker that works, and writes where it is for the server.
 *
 * @param {string} node a Node that can run mediasoup
 * @param {(detail: string) => void} show
 */
export async function provideWorker(node, show) {
  const given = process.env.MEDIASOUP_WORKER_BIN;
  if (given) return requireGiven(given);
  const wanted = cache.wantedWorker();
  if (isProvided(wanted)) return;
  show('looking for it');
  mkdirSync(WORKER_CACHE, { recursive: true });
  const workerBin = await locked(
    WORKER_CACHE,
    () => show('another setup is making it; waiting'),
    async () => (await cachedWorker(wanted, node)) ?? (await makeWorker(wanted, node, show)),
  );
  writeState({ ...readState(), workerFor: wanted, workerBin });
}

/** Whether the last setup provided this very worker and it is still there. */
function isProvided(wanted) {
  const { workerFor, workerBin } = readState();
  return JSON.stringify(workerFor) === JSON.stringify(wanted) && cache.starts(workerBin);
}

async function cachedWorker(wanted, node) {
  for (const worker of cache.cachedWorkers(wanted)) {
    if (await passesCall(worker, node)) return worker;
  }
  return undefined;
}

function makeWorker(wanted, node, show) {
  return cache.withWorkshop(async (workshop) => {
    show('asking for the one mediasoup has compiled');
    const downloaded = await downloadWorker(wanted, workshop);
    if (downloaded && cache.starts(downloaded) && (await passesCall(downloaded, node))) {
      return cache.keep(downloaded, cache.cacheKey(wanted));
    }
    const compiled = await compileWorker(workshop, show);
    show('making a test call through it');
    await testCall(compiled, node);
    return cache.keep(compiled, cache.cacheKey(wanted, cache.compilerVersion()));
  });
}

async function compileWorker(workshop, show) {
  await installPackages(FOR_BUILDING, show);
  prepareBuild(join(MODULES, 'mediasoup/worker'), workshop);
  const memory = Math.floor(os.totalmem() / BYTES_A_COMPILER);
  const jobs = Math.max(1, Math.min(os.availableParallelism(), memory));
  show('compiling');
  await run(['ninja', '-C', workshop, `-j${jobs}`], {
    name: 'compiling mediasoup-worker',
    env: { NINJA_STATUS: '[%f/%t] ' },
    onLine: (line) => {
      const [progress] = /^\[\d+\/\d+\]/.exec(line) ?? [];
      if (progress) show(`compiling ${progress}`);
      return progress !== undefined;
    },
  });
  return join(workshop, 'mediasoup-worker');
}

function testCall(worker, node) {
  const check = join(ROOT, cache.OURS, 'check.mjs');
  return run([node, check, worker], { name: 'test call through mediasoup-worker' });
}

async function passesCall(worker, node) {
  try {
    await testCall(worker, node);
    return true;
  } catch (error) {
    if (error instanceof CommandFailure) return false;
    throw error;
  }
}

function requireGiven(worker) {
  if (cache.starts(worker)) return;
  throw new SetupFailure(
    `MEDIASOUP_WORKER_BIN is ${worker}, which is not a mediasoup worker that runs here.`,
    'Set it to one that is, or unset it to let setup provide one.',
  );
}
