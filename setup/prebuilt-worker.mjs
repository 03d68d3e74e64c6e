/** Downloads the worker that mediasoup has compiled for this kind of machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { stopSignal } from './run.mjs';

const RELEASES = 'https://github.com/versatica/mediasoup/releases/download';
const ANSWER_WITHIN_MS = 5_000;
const FINISH_WITHIN_MS = 120_000;

/** Whether the worker can be had from here; usually not where only registries can be reached. */
export async function isPublished(wanted) {
  return (await ask(wanted, { method: 'HEAD' }, () => true)) ?? false;
}

/** The path of the worker downloaded into the directory; undefined when there is none to be had. */
export async function downloadWorker(wanted, directory) {
  const archive = await ask(wanted, { method: 'GET' }, (response) => response.arrayBuffer());
  if (!archive) return undefined;
  const file = join(directory, 'prebuilt.tgz');
  const worker = join(directory, 'mediasoup-worker');
  writeFileSync(file, Buffer.from(archive));
  spawnSync('tar', ['-xzf', file, '-C', directory, 'mediasoup-worker']);
  return existsSync(worker) ? worker : undefined;
}

/**
 * Where mediasoup's own install script looks for the worker. It heeds the same two environment
 * variables, of which one turns the download off.
 *
 * @param {{ version: string, platform: string, arch: string }} wanted
 */
export function workerUrl({ version, platform, arch }, kernel = release(), env = process.env) {
  if (env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) return undefined;
  const base = env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || RELEASES;
  const machine = platform === 'linux' ? `${arch}-kernel${kernel.split('.')[0]}` : arch;
  return `${base}/${version}/mediasoup-worker-${version}-${platform}-${machine}.tgz`;
}

/** What `read` makes of an answer that comes soon; undefined for any other outcome. */
async function ask(wanted, options, read) {
  const url = workerUrl(wanted);
  if (!url) return undefined;
  const answer = new AbortController();
  const slow = setTimeout(() => answer.abort(), ANSWER_WITHIN_MS);
  const tooLong = AbortSignal.timeout(FINISH_WITHIN_MS);
  try {
    const signal = AbortSignal.any([stopSignal, answer.signal, tooLong]);
    const response = await fetch(url, { ...options, signal });
    clearTimeout(slow);
    return response.ok ? await read(response) : undefined;
  } catch {
    stopSignal.throwIfAborted();
    return undefined;
  } finally {
    clearTimeout(slow);
  }
}
