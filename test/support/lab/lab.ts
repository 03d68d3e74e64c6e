import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.ts';
import { detourOf, tableOf, type Fault } from './faults.ts';
import { HOSTS, address, gateway, port, type Host, type Person } from './hosts.ts';
import { openRoughPath, type Weather } from './rough-path.ts';

const PREFIX = 'parley';
const ROUTER = 'router' as const;

/** Something wrong with the network, until it is lifted. */
export interface Disturbance extends AsyncDisposable {
  /** Puts things right again. May be called twice. */
  lift(): Promise<void>;
}

/**
 * A network of its own inside this machine: a router, and around it a speaker, a listener, the server
 * and a relay, each a network namespace with one virtual cable. Nothing of it touches the machine's
 * own network, so several laboratories may stand side by side. Disposing removes everything and ends
 * every process inside; `create` does the same to what laboratories of dead processes have left.
 */
export class Lab implements AsyncDisposable {
  readonly #folder: string;
  readonly #addresses = new Map<Person, number>();
  #faults = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Why there can be no laboratory here; undefined when there can. */
  static async missing(): Promise<string | undefined> {
    if (process.getuid?.() !== 0) return 'network namespaces need root';
    const probe = `${PREFIX}-${process.pid}-probe`;
    try {
      await command('ip', ['netns', 'add', probe]);
      await inside(
        probe,
        'nft',
        ['-f', '-'],
        tableOf({ kind: 'lose', percent: 1 }, 'speaker', 'probe'),
      );
      return undefined;
    } catch (error) {
      return `no network namespaces with nftables here: ${String(error)}`;
    } finally {
      await command('ip', ['netns', 'delete', probe]).catch(() => undefined);
    }
  }

  static async create(): Promise<Lab> {
    await removeLeftovers();
    const lab = new Lab(await mkdtemp(join(tmpdir(), 'parley-lab-')));
    try {
      await lab.#build();
      return lab;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts a program on a host. */
  spawn(
    host: Host,
    program: readonly string[],
    env: NodeJS.ProcessEnv = process.env,
  ): ChildProcess {
    return spawn('ip', ['netns', 'exec', namespace(host), ...program], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs a program on a host to its end and resolves to what it printed. */
  run(host: Host, program: string, args: readonly string[]): Promise<string> {
    return inside(namespace(host), program, args);
  }

  /** A command without arguments that runs a program on a host, for those who take only a path. */
  async wrapper(host: Host, program: string): Promise<string> {
    const path = join(this.#folder, `${host}.sh`);
    const script = `#!/bin/sh\nexec ip netns exec ${namespace(host)} ${program} "$@"\n`;
    await writeFile(path, script, { mode: 0o755 });
    return path;
  }

  /** Puts a fault between a person and everyone else. */
  async disturb(person: Person, fault: Fault): Promise<Disturbance> {
    const name = `fault-${++this.#faults}`;
    await this.#rules(tableOf(fault, person, name));
    return lifting(() => this.#rules(`delete table ip ${name}`));
  }

  /**
   * Sends the datagrams between a person and one port of the server through bad weather. For those
   * who have not yet connected: the router leads a flow for good where it led its first packet.
   */
  async roughen(person: Person, serverPort: number, weather: Weather): Promise<Disturbance> {
    const target = { address: address('server'), port: serverPort };
    const path = await openRoughPath(namespace(ROUTER), { target, weather });
    await this.#rules(detourOf(person, { from: serverPort, to: path.port }));
    return lifting(async () => {
      await this.#rules(`delete table ip detour-${person}`);
      await path.close();
    });
  }

  /** Gives a person another address and takes the old one away, as another network does. */
  async move(person: Person): Promise<void> {
    const now = this.#addresses.get(person) ?? 2;
    const [before, after] = [address(person, now), address(person, now + 1)];
    this.#addresses.set(person, now + 1);
    await configure(namespace(person), [
      `address delete ${before}/24 dev eth0`,
      `address add ${after}/24 dev eth0`,
      `route add default via ${gateway(person)}`,
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([ROUTER, ...HOSTS].map((host) => removeNamespace(namespace(host))));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #build(): Promise<void> {
    const router = namespace(ROUTER);
    await command('ip', ['netns', 'add', router]);
    await configure(router, ['link set lo up']);
    for (const host of HOSTS) {
      const name = namespace(host);
      await command('ip', ['netns', 'add', name]);
      await command('ip', [
        ...['link', 'add', port(host), 'netns', router],
        ...['type', 'veth', 'peer', 'name', 'eth0', 'netns', name],
      ]);
      await configure(router, [
        `address add ${gateway(host)}/24 dev ${port(host)}`,
        `link set ${port(host)} up`,
      ]);
      await configure(name, [
        'link set lo up',
        `address add ${address(host)}/24 dev eth0`,
        'link set eth0 up',
        `route add default via ${gateway(host)}`,
      ]);
    }
    await inside(router, 'tee', ['/proc/sys/net/ipv4/ip_forward'], '1');
  }

  async #rules(rules: string): Promise<void> {
    await inside(namespace(ROUTER), 'nft', ['-f', '-'], rules);
  }
}

const namespace = (host: Host | typeof ROUTER): string => `${PREFIX}-${process.pid}-${host}`;

function inside(name: string, program: string, args: readonly string[], input?: string) {
  return command('ip', ['netns', 'exec', name, program, ...args], input);
}

async function configure(name: string, lines: readonly string[]): Promise<void> {
  await command('ip', ['-netns', name, '-batch', '-'], `${lines.join('\n')}\n`);
}

function lifting(lift: () => Promise<void>): Disturbance {
  let lifted: Promise<void> | undefined;
  const once = () => (lifted ??= lift());
  return { lift: once, [Symbol.asyncDispose]: once };
}

/** Ends every process inside and removes it; its cables go with it. */
async function removeNamespace(name: string): Promise<void> {
  const pids = await command('ip', ['netns', 'pids', name]).catch(() => undefined);
  if (pids === undefined) return;
  for (const pid of pids.split('\n').map(Number).filter(Boolean)) kill(pid);
  await command('ip', ['netns', 'delete', name]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function removeLeftovers(): Promise<void> {
  const list = await command('ip', ['netns', 'list']);
  for (const [name, owner] of list.matchAll(new RegExp(`^${PREFIX}-(\\d+)-\\w+`, 'gm'))) {
    if (Number(owner) === process.pid || !isAlive(Number(owner))) await removeNamespace(name);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
