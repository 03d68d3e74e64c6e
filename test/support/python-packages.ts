import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const CACHE = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const PATIENCE_MS = 240_000;
const run = promisify(execFile);

/** A Python that has these packages of PyPI, kept in the user's cache; installed now if need be. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const environment = join(CACHE, 'parley', name);
  const python = join(environment, 'bin/python');
  /** Written when everything has been installed. */
  const installed = join(environment, 'parley-installed');
  if (existsSync(installed)) return python;
  await rm(environment, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await run('python3', ['-m', 'venv', environment], { timeout: PATIENCE_MS });
  const pip = ['-m', 'pip', 'install', '--quiet', '--retries=1', '--timeout=15'];
  await run(python, [...pip, '--only-binary=:all:', ...packages], { timeout: PATIENCE_MS });
  await writeFile(installed, '');
  return python;
}

/** What a script answers to a job, both as JSON. Rejects with what it complains of. */
export async function askPython(python: string, script: string, job: object): Promise<unknown> {
  const child = execFile(python, [script], { maxBuffer: 2 ** 28 });
  const exited = once(child, 'exit');
  child.stdin?.end(JSON.stringify(job));
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('python3 has no pipes');
  const [answer, complaint] = await Promise.all([text(stdout), text(stderr), exited]);
  if (child.exitCode !== 0) throw new Error(complaint);
  return JSON.parse(answer) as unknown;
}
