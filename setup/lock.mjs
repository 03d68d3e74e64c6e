import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { stopSignal } from './run.mjs';

/**
 * Does some work while no other setup holds the same path. The kernel frees the lock when this
 * process ends, however it ends, so nothing stale can be left. Where there is no flock program (not
 * on Linux) the work is done unlocked.
 *
 * @param {string} path an existing file or folder; it is only opened
 * @param {() => void} onWait called when another setup has it
 * @param {() => Promise<T>} work
 * @template T
 */
export async function locked(path, onWait, work) {
  const file = openSync(path, 'r');
  try {
    if ((await flock(file, ['--nonblock'])) === 'taken') {
      onWait();
      await flock(file, []);
      stopSignal.throwIfAborted();
    }
    return await work();
  } finally {
    closeSync(file);
  }
}

/** The lock belongs to the open file, which the flock program shares with us and leaves locked. */
async function flock(file, options) {
  const child = spawn('flock', [...options, '3'], {
    stdio: ['ignore', 'ignore', 'ignore', file],
    signal: stopSignal,
  });
  try {
    const [code] = await once(child, 'exit');
    return code === 1 ? 'taken' : 'held';
  } catch {
    return 'held';
  }
}
