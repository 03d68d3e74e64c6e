import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canaryPython } from './canary-python.ts';
import { missingPython } from './silero.ts';

/** A real Triton for processors, which NVIDIA's PyTriton carries; 55 MB from PyPI. */
const PYTRITON = 'nvidia-pytriton==0.7.0';
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parley');
const PATIENCE_MS = 240_000;
const run = promisify(execFile);

export interface TritonHere {
  readonly program: string;
  /** Folder with Triton's Python backend and all packages that its models need. */
  readonly backends: string;
  /** Where Python's own library is. */
  readonly libraries: string;
  /** Whether torch is there for Silero. */
  readonly hasTorch: boolean;
}

/** What it takes to run Triton, installed now if need be. Rejects where it cannot be had. */
export async function triton(): Promise<TritonHere> {
  const python = await canaryPython();
  const home = join(CACHE, 'pytriton-0.7.0');
  if (!existsSync(join(home, 'installed'))) {
    await rm(home, { recursive: true, force: true });
    const pip = ['-m', 'pip', 'install', '--quiet', '--retries=1', '--timeout=15', '--no-deps'];
    await run(python, [...pip, '--target', home, PYTRITON], { timeout: PATIENCE_MS });
    await writeFile(join(home, 'installed'), '');
  }
  const server = join(home, 'pytriton/tritonserver');
  const program = join(server, 'bin/tritonserver');
  await chmod(program, 0o755);
  const { version, packages, ...own } = await about(python);
  const stub = join(server, 'python_backend_stubs', version, 'triton_python_backend_stub');
  if (!existsSync(stub)) throw new Error(`PyTriton has no backend for Python ${version}`);
  await chmod(stub, 0o755);
  const backends = join(home, 'parley-backends');
  await link(join(backends, 'python'), [
    ...(await filesIn(join(server, 'backends/python'))),
    stub,
    // The backend looks for packages nowhere but in Python's own folders and here.
    ...(await filesIn(packages)),
  ]);
  return { program, backends, ...((await debianPython(version)) ?? { ...own, hasTorch: false }) };
}

/** Debian's Python, if it is of this version: its library knows Debian's packages, such as torch. */
async function debianPython(version: string) {
  const debian = await about('/usr/bin/python3').catch(() => undefined);
  const library = join(debian?.libraries ?? '', `libpython${version}.so.1.0`);
  if (debian?.version !== version || !existsSync(library)) return undefined;
  const hasTorch = (await missingPython('torch')) === undefined;
  return { libraries: debian.libraries, hasTorch };
}

interface About {
  readonly version: string;
  readonly libraries: string;
  readonly packages: string;
}

async function about(python: string): Promise<About> {
  const script = [
    'import sys, sysconfig',
    'print("%d.%d" % sys.version_info[:2])',
    'print(sysconfig.get_config_var("LIBDIR"))',
    'print(sysconfig.get_path("purelib"))',
  ].join('\n');
  const { stdout } = await run(python, ['-c', script]);
  const [version = '', libraries = '', packages = ''] = stdout.split('\n');
  return { version, libraries, packages };
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => join(folder, name));
}

async function link(folder: string, files: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (!existsSync(join(folder, name))) await symlink(file, join(folder, name));
  }
}

/** A model of docker/triton, with its settings changed for a test. */
export interface ServedModel {
  readonly name: 'speech' | 'voice';
  readonly edit: (config: string) => string;
}

/** A Triton that serves models of docker/triton on loopback; gone when disposed of. */
export class TritonServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #repository: string;

  private constructor(url: string, child: ChildProcess, repository: string) {
    this.url = url;
    this.#child = child;
    this.#repository = repository;
  }

  /** Rejects with what Triton says when it does not come up. */
  static async start(here: TritonHere, models: readonly ServedModel[]): Promise<TritonServer> {
    const repository = await mkdtemp(join(tmpdir(), 'parley-triton-'));
    for (const { name, edit } of models) {
      await cp(join(import.meta.dirname, '../../docker/triton', name), join(repository, name), {
        recursive: true,
      });
      const config = join(repository, name, 'config.pbtxt');
      await writeFile(config, edit(await readFile(config, 'utf8')));
    }
    const port = await freePort();
    const child = spawn(
      here.program,
      [
        ...[`--model-repository=${repository}`, `--backend-directory=${here.backends}`],
        ...['--http-address=127.0.0.1', `--http-port=${port}`],
        ...['--allow-grpc=false', '--allow-metrics=false', '--exit-timeout-secs=3'],
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...process.env,
          LD_LIBRARY_PATH: here.libraries,
          PYTHONDONTWRITEBYTECODE: '1',
        },
      },
    );
    const server = new TritonServer(`http://127.0.0.1:${port}`, child, repository);
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-20_000);
    });
    while (!(await server.#isReady())) {
      if (child.exitCode !== null) {
        await server[Symbol.asyncDispose]();
        throw new Error(`Triton did not start:\n${said}`);
      }
      await new Promise((next) => setTimeout(next, 100));
    }
    return server;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** How many requests of a model were answered, and in how many runs. */
  async runs(model: string): Promise<{ readonly requests: number; readonly runs: number }> {
    const answer = await fetch(`${this.url}/v2/models/${model}/stats`);
    const text = await answer.text();
    const count = (name: string) => Number(new RegExp(`"${name}":(\\d+)`).exec(text)?.[1]);
    return { requests: count('inference_count'), runs: count('execution_count') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill();
      const impatient = setTimeout(() => this.#child.kill('SIGKILL'), 8_000);
      await exited;
      clearTimeout(impatient);
    }
    await rm(this.#repository, { recursive: true, force: true });
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/v2/health/ready`)).ok;
    } catch {
      return false;
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  probe.close();
  await once(probe, 'close');
  return port;
}
