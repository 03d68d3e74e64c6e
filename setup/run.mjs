/** Runs other programs: their output goes to a log, and none of them outlives setup. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Interrupted, SetupFailure } from './failure.mjs';
import { LOGS } from './places.mjs';

const KILL_AFTER_MS = 3_000;
const LINES_SHOWN = 6;

/** Runs the program that follows it with these signals ignored. */
const DEAF = ['sh', '-c', 'trap "" INT TERM HUP; exec "$@"', 'sh'];

const stopping = new AbortController();
const stopChild = new Map();

/** Aborts when setup shall stop; give it to whatever waits without a child process. */
export const stopSignal = stopping.signal;

/** Makes Ctrl-C and the like end the running program first; setup then unwinds by itself. */
export function stopOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      stopping.abort(new Interrupted());
      for (const stop of stopChild.values()) stop();
    });
  }
}

/**
 * Runs a program to its end.
 *
 * @param {string[]} command the program and its arguments
 * @param {object} options
 * @param {string} options.name names the log, and the program in messages
 * @param {string} [options.cwd]
 * @param {Record<string, string>} [options.env] added to our own
 * @param {(line: string) => boolean} [options.onLine] gets every line it prints and says whether it
 *   is only progress, which does not explain a failure
 * @param {boolean} [options.finish] let it finish when setup is asked to stop
 * @param {boolean} [options.terminal] keep it on our terminal, as sudo wants
 */
export async function run(command, { name, cwd, env, onLine, finish = false, terminal = false }) {
  stopSignal.throwIfAborted();
  mkdirSync(LOGS, { recursive: true });
  const logPath = join(LOGS, `${name.replaceAll(/\W+/g, '-')}.log`);
  const log = createWriteStream(logPath);
  // A program that must finish is made deaf to the terminal's Ctrl-C. The others get a process group
  // of their own, so that they can be ended with all their children.
  const [program, ...rest] = finish ? [...DEAF, ...command] : command;
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !finish && !terminal,
  });
  const tail = [];
  const take = (line) => {
    log.write(`${line}\n`);
    if (line.trim() === '' || onLine?.(line)) return;
    tail.push(line.trim());
    if (tail.length > LINES_SHOWN) tail.shift();
  };
  eachLine(child.stdout, take);
  eachLine(child.stderr, take);
  if (!finish) stopChild.set(child, () => end(child, terminal));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      tail.push(error.message);
      resolve(-1);
    });
    child.on('close', resolve);
  });
  stopChild.delete(child);
  log.end();
  stopSignal.throwIfAborted();
  if (code !== 0) throw new CommandFailure(name, tail, logPath);
}

/** A program that ended with an error. */
export class CommandFailure extends SetupFailure {
  constructor(name, tail, logPath) {
    super(`${name} failed:\n\n    ${tail.join('\n    ')}\n`, `All it said is in ${logPath}`);
  }
}

function eachLine(stream, handle) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    const lines = (rest + text).split(/[\r\n]/);
    rest = lines.pop() ?? '';
    lines.forEach(handle);
  });
  stream.on('end', () => {
    if (rest) handle(rest);
  });
}

function end(child, terminal) {
  const signal = (name) => {
    try {
      process.kill(terminal ? child.pid : -child.pid, name);
    } catch {
      // It is gone already, or runs as root and has had the terminal's Ctrl-C.
    }
  };
  signal('SIGTERM');
  setTimeout(signal, KILL_AFTER_MS, 'SIGKILL').unref();
}
