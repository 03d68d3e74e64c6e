import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Address space: four times what the hungriest decoder was seen to take. */
const MEMORY_KB = 1_048_576;
/** Two hours of any form are read in a tenth of it. */
const CPU_SECONDS = 900;
const OPEN_FILES = 64;

export interface Ffmpeg extends AsyncDisposable {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves once it has ended, to whether all was well. */
  readonly ended: Promise<boolean>;
}

/**
 * FFmpeg between two pipes. What it reads comes from strangers, so it gets nothing else: no network and
 * no files (it knows no protocol but pipes), bounded memory, time and files, an empty environment.
 * Disposing, or the signal, ends it at once.
 */
export function startFfmpeg(program: string, args: readonly string[], signal: AbortSignal): Ffmpeg {
  signal.throwIfAborted();
  const limits = [`-v ${MEMORY_KB}`, `-t ${CPU_SECONDS}`, `-n ${OPEN_FILES}`, '-f 0', '-c 0'];
  const script = [...limits.map((limit) => `ulimit ${limit}`), 'exec "$0" "$@"'].join(' && ');
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'quiet'];
  const child = spawn('/bin/sh', ['-c', script, program, ...quiet, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    signal,
    killSignal: 'SIGKILL',
  });
  // Told by `ended`: an abort, or a shell that cannot be started.
  child.on('error', () => undefined);
  // It has all it wants; whoever writes sees it in `ended`.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<boolean>((resolve) => {
    child.once('close', (code) => {
      resolve(code === 0);
    });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.stdout.destroy();
      child.stdin.destroy();
      child.kill('SIGKILL');
      await ended;
    },
  };
}
