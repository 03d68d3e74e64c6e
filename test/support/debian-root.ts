import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { alive, descendants } from './processes.ts';

const MIRROR = 'http://deb.debian.org/debian';
/** Outside the checkout: what is downloaded and unpacked once serves every run. */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parley/deploy');
const BASE = join(CACHE, 'bookworm');
/** Certificate authorities of this machine, where it was told of more than Debian has. */
const AUTHORITIES = process.env['NODE_EXTRA_CA_CERTS'];

/**
 * Mounts the root in a mount namespace of its own, which ends with the processes in it, and runs the
 * arguments there. A root is a folder of changes over Debian's, as a container's is.
 */
const ENTER = `
  mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$UPPER,workdir=$WORK" "$TREE"
  mount -t proc proc "$TREE/proc"
  mount --rbind /dev "$TREE/dev"
  if [ "$KIND" = install ]; then
    mount --bind "$CACHE/apt" "$TREE/var/cache/apt/archives"
    mount --bind "$CACHE/npm" "$TREE/root/.npm"
  else
    mount --bind "$PROGRAM" "$TREE/opt"
    mount -o remount,ro,bind "$TREE/opt"
    mount -t tmpfs tmpfs "$TREE/tmp"
    mount -o remount,ro "$TREE"
    ip link set lo up
  fi
  cd /
  exec chroot "$TREE" "$@"
`;

/** A user without any right to more, as containers run programs. */
const UNPRIVILEGED = [
  ...['setpriv', '--reuid=10001', '--regid=10001', '--clear-groups', '--no-new-privs'],
  ...['--inh-caps=-all', '--bounding-set=-all', '--'],
];

/** A Debian of its own below a folder: a fresh one, to install things in and to run them. */
export class DebianRoot implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Why there can be none here; undefined if there can. */
  static missing(): string | undefined {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
    const needed = ['debootstrap', 'unshare', 'chroot', 'setpriv', 'ip'];
    const absent = needed.filter((name) => spawnSync('which', [name]).status !== 0);
    if (absent.length > 0) return `${absent.join(', ')} is not here`;
    const may = spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true']);
    return may.status === 0 ? undefined : 'namespaces cannot be made here';
  }

  static async create(): Promise<DebianRoot> {
    await mkdir(join(CACHE, 'apt/partial'), { recursive: true });
    await mkdir(join(CACHE, 'npm'), { recursive: true });
    await base();
    await removeLeftovers();
    const root = new DebianRoot(await mkdtemp(join(CACHE, `root-${process.pid}-`)));
    for (const name of ['tree', 'work', 'upper', 'upper/opt', 'upper/root', 'upper/root/.npm']) {
      await mkdir(root.#at(name));
    }
    await mkdir(root.changed('etc'));
    await copyFile('/etc/resolv.conf', root.changed('etc/resolv.conf'));
    if (AUTHORITIES) await copyFile(AUTHORITIES, root.changed('etc/authorities.pem'));
    return root;
  }

  /** Where on this machine a path of this root is that was not there in Debian's. */
  changed(path: string): string {
    return this.#at(join('upper', path));
  }

  /** Runs a command as root, with the network; resolves to its exit code and what it printed. */
  async install(command: readonly string[]): Promise<{ code: number | null; output: string }> {
    const env = AUTHORITIES ? { NODE_EXTRA_CA_CERTS: '/etc/authorities.pem' } : {};
    // Tarballs are named by the lock file with their hashes: what is there need not be asked about.
    const npm = { npm_config_prefer_offline: 'true' };
    const child = this.#enter('install', command, { HOME: '/root', ...npm, ...env });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /**
   * Runs a program as a container would: as user 10001, first of its processes, all files read-only
   * but /tmp, and with a network that has the loopback interface alone. /opt is that of `from`.
   */
  run(
    command: readonly string[],
    { from, env }: { readonly from: DebianRoot; readonly env: Readonly<Record<string, string>> },
  ): Contained {
    const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return new Contained(
      this.#enter('run', [...UNPRIVILEGED, 'env', '-i', ...given, ...command], {
        PROGRAM: from.changed('opt'),
      }),
    );
  }

  /** Nothing of it is mounted any more: mounts end with the processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }

  #at(path: string): string {
    return join(this.#folder, path);
  }

  #enter(
    kind: 'install' | 'run',
    command: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ChildProcess {
    const own = ['--mount', '--propagation=private', '--pid', '--fork', '--kill-child'];
    const namespaces = kind === 'run' ? [...own, '--net', '--ipc'] : own;
    return spawn('unshare', [...namespaces, '--', 'sh', '-euc', ENTER, 'sh', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        LANG: 'C.UTF-8',
        KIND: kind,
        CACHE,
        LOWER: BASE,
        UPPER: this.#at('upper'),
        WORK: this.#at('work'),
        TREE: this.#at('tree'),
        ...env,
      },
    });
  }
}

/** A program in a root, and whatever it has started. */
export class Contained implements AsyncDisposable {
  readonly ended: Promise<number | null>;
  output = '';
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  }

  /** Process 1 of the container, and all others, as this machine numbers them. */
  get processes(): readonly number[] {
    return descendants(this.#child.pid ?? 0).map(({ pid }) => pid);
  }

  /** Runs another program beside it, in the same namespaces. Resolves to its exit code and output. */
  async beside(command: readonly string[]): Promise<{ code: number | null; output: string }> {
    const [first] = this.processes;
    const into = [`--target=${first ?? 0}`, '--mount', '--net', '--pid', '--root', '--'];
    const here = ['env', '--chdir=/opt/parley'];
    const child = spawn('nsenter', [...into, ...UNPRIVILEGED, ...here, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${process.env['PATH'] ?? ''}:/opt/parley/node_modules/.bin:/usr/bin:/bin` },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /** What `docker stop` does first. Resolves to the exit code. */
  async stop(): Promise<number | null> {
    const [first] = this.processes;
    if (first !== undefined) process.kill(first, 'SIGTERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const [first] = this.processes;
    // With the first process of a namespace all others go.
    if (first !== undefined) process.kill(first, 'SIGKILL');
    await this.ended;
  }
}

/** Roots of tests that were cut off. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const owner = Number(/^root-(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(owner) || alive(owner)) continue;
    await rm(join(CACHE, name), { recursive: true, force: true });
  }
}

/** Being made, or there. */
let made: Promise<void> | undefined;

/** What Debian's images for containers are made of: its smallest system. Made once, for all roots. */
function base(): Promise<void> {
  made ??= existsSync(BASE) ? Promise.resolve() : bootstrap();
  return made;
}

async function bootstrap(): Promise<void> {
  const unfinished = await mkdtemp(join(CACHE, 'new-'));
  const args = ['--variant=minbase', 'bookworm', unfinished, MIRROR];
  const outcome = spawnSync('debootstrap', args, { encoding: 'utf8' });
  if (outcome.status !== 0) {
    await rm(unfinished, { recursive: true });
    throw new Error(`debootstrap failed:\n${outcome.stdout.slice(-2_000)}`);
  }
  // As those images have it: a container that is cut off while it installs is thrown away.
  await writeFile(join(unfinished, 'etc/dpkg/dpkg.cfg.d/unsafe-io'), 'force-unsafe-io\n');
  await rename(unfinished, BASE);
}
