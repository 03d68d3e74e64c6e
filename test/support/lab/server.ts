import { once } from 'node:events';
import { join } from 'node:path';
import { metricValue } from '../parley.ts';
import { address } from './hosts.ts';
import type { Lab } from './lab.ts';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '../../..');
const READY_MS = 60_000;
/** Prints what an address answers, or fails; the certificate is of our own making. */
const FETCH = `
  const answer = await fetch(process.argv[1]);
  if (!answer.ok) process.exit(1);
  process.stdout.write(await answer.text());
`;

/** The one port that media comes in at, UDP and TCP. */
export const RTC_PORT = 40_000;

/** A Parley server on the laboratory's server host, at the port that firewalls let through. */
export class LabServer implements AsyncDisposable {
  readonly url = `https://${address('server')}`;
  readonly #lab: Lab;
  readonly #stop: () => Promise<void>;
  readonly #printed: () => string;

  private constructor(lab: Lab, running: { stop: () => Promise<void>; printed: () => string }) {
    this.#lab = lab;
    this.#stop = running.stop;
    this.#printed = running.printed;
  }

  /** Resolves once it can translate. */
  static async start(lab: Lab, env: Readonly<Record<string, string>> = {}): Promise<LabServer> {
    const program = [process.execPath, join(ROOT, 'server/main.ts')];
    const child = lab.spawn('server', program, {
      ...process.env,
      PARLEY_HOST: address('server'),
      PARLEY_ANNOUNCED_ADDRESS: address('server'),
      PARLEY_PORT: '443',
      PARLEY_RTC_PORT: String(RTC_PORT),
      PARLEY_RTC_WORKERS: '1',
      ...env,
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const exited = once(child, 'exit');
    const stop = async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await exited;
    };
    const server = new LabServer(lab, { stop, printed: () => output });
    const ended = (): boolean => child.exitCode !== null;
    const ready = async (): Promise<boolean> => (await server.#ask('/readyz')) !== undefined;
    if ((await until(async () => ended() || ready(), READY_MS)) && !ended()) return server;
    await stop();
    throw new Error(`Parley is not ready:\n${output}`);
  }

  /** Everything it printed, so that a failing test can show why. */
  get output(): string {
    return this.#printed();
  }

  /** Sum of a metric over its labels, or over those with one given; undefined when it is absent. */
  async metric(name: string, label?: string): Promise<number | undefined> {
    return metricValue((await this.#ask('/metrics')) ?? '', name, label);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  /** Asks on the server's own host, where no fault is in the way. */
  async #ask(path: string): Promise<string | undefined> {
    const trusting = ['NODE_TLS_REJECT_UNAUTHORIZED=0', process.execPath, '--no-warnings'];
    const args = [...trusting, '--input-type=module', '-e', FETCH, '--', this.url + path];
    return this.#lab.run('server', 'env', args).catch(() => undefined);
  }
}
