import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called when another process has the lock, with the words it left there. */
  readonly onWait: (holder: string) => void;
}

/**
 * Does some work while no other process holds the same path. The kernel frees the lock when this
 * process ends, however it ends, so nothing stale can be left; the file itself stays. Where there is
 * no flock program (not on Linux) the work is done unlocked.
 */
export async function locked<T>(
  path: string,
  { signal, onWait }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a');
  try {
    if ((await flock(file, ['--nonblock'], signal)) === 'taken') {
      onWait((await readFile(path, 'utf8')).trim());
      while ((await flock(file, [], signal)) === 'taken') signal.throwIfAborted();
    }
    await file.truncate();
    await file.write(`process ${process.pid}\n`);
    return await work();
  } finally {
    await file.close();
  }
}

/** The lock belongs to the open file, which the flock program shares with us and leaves locked. */
async function flock(
  file: FileHandle,
  options: readonly string[],
  signal: AbortSignal,
): Promise<'taken' | 'held'> {
  const child = spawn('flock', [...options, '3'], {
    stdio: ['ignore', 'ignore', 'ignore', file.fd],
    signal,
  });
  try {
    const exited: unknown[] = await once(child, 'exit');
    // 1: taken; null: ended by a signal that was meant for all of us, as Ctrl-C is.
    return exited[0] === 1 || exited[0] === null ? 'taken' : 'held';
  } catch {
    signal.throwIfAborted();
    return 'held';
  }
}
