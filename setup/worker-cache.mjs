/** The workers that this user's setups have made, each in a folder named by what went into it. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { hashOf } from './hash.mjs';
import { ROOT, WORKER_CACHE } from './places.mjs';

/** Where everything about compiling the worker is. */
export const OURS = 'server/sfu/worker';
/** What of it goes into the worker. */
const INGREDIENTS = ['build.mjs', 'dtls-fix.mjs', 'include', 'meson.mjs', 'ninja.mjs'];
const PROGRAM = 'mediasoup-worker';
const UNFINISHED = '.new-';

/** What the worker has to be for this checkout on this machine. */
export function wantedWorker() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return {
    version: packages['node_modules/mediasoup'].version,
    platform: os.platform(),
    arch: os.arch(),
    ours: hashOf(
      ROOT,
      INGREDIENTS.map((name) => `${OURS}/${name}`),
    ),
  };
}

/**
 * The name of a worker's folder.
 *
 * @param {{ version: string, platform: string, arch: string, ours: string }} wanted
 * @param {string} [compiler] its version; none for the worker that mediasoup has compiled
 */
export function cacheKey({ version, platform, arch, ours }, compiler) {
  const made = compiler ? `gcc${compiler}-${ours}` : 'prebuilt';
  return `${version}-${platform}-${arch}-${made}`;
}

/** The workers in the cache that will do. Without a compiler here, any compiler's will. */
export function cachedWorkers(wanted) {
  if (!existsSync(WORKER_CACHE)) return [];
  const compiler = compilerVersion();
  const fits = (key) => {
    const [, other] = /-gcc([\d.]+)-/.exec(key) ?? [];
    return key === cacheKey(wanted, other && (compiler ?? other));
  };
  const programs = readdirSync(WORKER_CACHE).filter(fits).map(programOf);
  return programs.filter(starts);
}

/** Whether it runs on this machine: started by hand, a worker ends with this exit code. */
export function starts(worker) {
  return spawnSync(worker, { env: {}, stdio: 'ignore' }).status === 41;
}

/**
 * Gives `work` an empty folder to make a worker in, and removes the folder afterwards. Call it with
 * the cache locked: folders that others left unfinished, because they were killed, go too.
 */
export async function withWorkshop(work) {
  const remove = (name) => rmSync(join(WORKER_CACHE, name), { recursive: true, force: true });
  const unfinished = readdirSync(WORKER_CACHE).filter((name) => name.startsWith(UNFINISHED));
  unfinished.forEach(remove);
  const workshop = mkdtempSync(join(WORKER_CACHE, UNFINISHED));
  try {
    return await work(workshop);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** Moves a worker from its workshop into the cache, all at once, and returns where it is. */
export function keep(worker, key) {
  const folder = `${worker}.ready`;
  mkdirSync(folder);
  renameSync(worker, join(folder, PROGRAM));
  rmSync(join(WORKER_CACHE, key), { recursive: true, force: true });
  renameSync(folder, join(WORKER_CACHE, key));
  return programOf(key);
}

/** The version of the compiler that is installed, if one is. */
export function compilerVersion() {
  const { stdout } = spawnSync('g++', ['-dumpfullversion'], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}

function programOf(key) {
  return join(WORKER_CACHE, key, PROGRAM);
}
