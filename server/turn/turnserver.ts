import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import { coturnReport } from './coturn-log.ts';
import type { Launch } from './launch.ts';
import { answersStun } from './stun-ping.ts';
import { turnserverConf } from './turnserver-conf.ts';
import type { TurnserverSettings } from './turnserver-conf.ts';

const READY_TIMEOUT_MS = 10_000;
const READY_POLL_MS = 50;
const STOP_TIMEOUT_MS = 3_000;
/** Kinds of complaints of one process that are passed on; it repeats itself. */
const MAX_REPORTS = 20;

/** What one coturn process is started with; the certificate and key are PEM texts. */
export interface TurnserverOptions extends Omit<TurnserverSettings, 'tls'> {
  readonly tls: { readonly port: number; readonly cert: string; readonly key: string } | undefined;
  readonly launch: Launch;
  readonly log: Logger;
}

/** One run of coturn's turnserver. */
export class Turnserver {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #log: Logger;
  /** Its exit code, the signal that ended it, or why it could not be run; never rejects. */
  readonly ended: Promise<number | string>;

  private constructor(child: ChildProcessByStdio<null, Readable, null>, log: Logger) {
    this.#child = child;
    this.#log = log;
    this.ended = new Promise((resolve) => {
      child.once('error', ({ message }) => {
        resolve(message);
      });
      child.once('exit', (code, signal) => {
        resolve(code ?? signal ?? 'unknown');
      });
    });
  }

  /**
   * Resolves when it answers. Its configuration, with the secret and the key, is on disk only until
   * then, and readable by it alone. Rejects when it ends before, takes too long, or `signal` aborts;
   * nothing is left running then.
   */
  static async start(options: TurnserverOptions, signal: AbortSignal): Promise<Turnserver> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-turn-'));
    try {
      const config = await writeConfiguration(folder, options);
      signal.throwIfAborted();
      const { program, args } = options.launch;
      // In a session of its own, so that Ctrl-C on our terminal reaches it through us alone.
      const child = spawn(program, [...args, '-c', config], {
        stdio: ['ignore', 'pipe', 'ignore'],
        detached: true,
        cwd: '/',
        env: { PATH: process.env['PATH'] },
      });
      const turnserver = new Turnserver(child, options.log);
      turnserver.#passOnReports();
      await turnserver.#ready(options, signal);
      return turnserver;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Asks it to end, and ends it by force when it takes too long. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => {
      this.#log.warn({ process: 'turn' }, 'ended by force');
      this.#child.kill('SIGKILL');
    }, STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(force);
  }

  async #ready({ listenAddresses, port }: TurnserverOptions, signal: AbortSignal): Promise<void> {
    const [address = '127.0.0.1'] = listenAddresses;
    const deadline = Date.now() + READY_TIMEOUT_MS;
    const ended = this.ended.then((reason) => {
      throw new Error(`coturn ended before it was ready (${reason})`);
    });
    try {
      while (!(await Promise.race([answersStun(address, port), ended]))) {
        signal.throwIfAborted();
        if (Date.now() > deadline) throw new Error('coturn did not become ready in time');
        await Promise.race([sleep(READY_POLL_MS, undefined, { signal }), ended]);
      }
      ended.catch(() => undefined);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Each kind of complaint once: participants must not be able to fill our log. */
  #passOnReports(): void {
    const passedOn = new Set<string>();
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const report = coturnReport(line);
      if (!report || passedOn.has(report.message) || passedOn.size === MAX_REPORTS) return;
      passedOn.add(report.message);
      this.#log[report.level]({ process: 'turn' }, report.message);
    });
  }
}

async function writeConfiguration(folder: string, options: TurnserverOptions): Promise<string> {
  const { tls, launch } = options;
  const paths = {
    config: join(folder, 'turnserver.conf'),
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
  };
  const written = turnserverConf({ ...options, tls: tls && { port: tls.port, ...paths } });
  const files = [
    [paths.config, written],
    ...(tls ? [[paths.certFile, tls.cert] as const, [paths.keyFile, tls.key] as const] : []),
  ] as const;
  for (const [path, text] of files) {
    await writeFile(path, text, { mode: 0o600 });
    if (launch.uid !== undefined) await chown(path, launch.uid, 0);
  }
  if (launch.uid !== undefined) await chown(folder, launch.uid, 0);
  return paths.config;
}
