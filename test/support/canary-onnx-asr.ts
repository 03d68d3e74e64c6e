import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { z } from 'zod';

/** onnx-asr reads the same model directories as Parley; from PyPI, kept in the user's cache. */
const PACKAGES = ['onnx-asr==0.12.0', 'onnxruntime==1.31.1', 'numpy==2.4.6'];
const CACHE = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const ENVIRONMENT = join(CACHE, 'parley/onnx-asr-0.12.0');
/** Written when everything has been installed. */
const INSTALLED = join(ENVIRONMENT, 'parley-installed');
const PYTHON = join(ENVIRONMENT, 'bin/python');
const PATIENCE_MS = 240_000;

const run = promisify(execFile);

export type Availability =
  | { readonly here: true; readonly read: (job: Job) => Promise<Answer> }
  | { readonly here: false; readonly why: string };

export interface Job {
  readonly directory: string;
  readonly recordings: readonly Float32Array[];
  readonly directions: readonly (readonly [source: string, target: string])[];
}

const answerSchema = z.object({
  /** By recording and direction. */
  texts: z.array(
    z.array(
      z.object({ tokens: z.array(z.string()), text: z.string(), logprobs: z.array(z.number()) }),
    ),
  ),
  features: z.array(
    z.object({
      shape: z.tuple([z.number(), z.number()]),
      length: z.number(),
      data: z.string().transform((base64) => {
        const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
        return new Float32Array(bytes.buffer);
      }),
    }),
  ),
});
export type Answer = z.infer<typeof answerSchema>;

/** onnx-asr, installed now if need be; or why it cannot be had. */
export async function onnxAsr(): Promise<Availability> {
  try {
    if (!existsSync(INSTALLED)) await install();
    return { here: true, read };
  } catch (error) {
    const [why = ''] = String(error).split('\n', 1);
    return { here: false, why: `onnx-asr cannot be installed from PyPI: ${why}` };
  }
}

async function install(): Promise<void> {
  await rm(ENVIRONMENT, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await run('python3', ['-m', 'venv', ENVIRONMENT], { timeout: PATIENCE_MS });
  const pip = ['-m', 'pip', 'install', '--quiet', '--retries=1', '--timeout=15'];
  await run(PYTHON, [...pip, '--only-binary=:all:', ...PACKAGES], { timeout: PATIENCE_MS });
  await writeFile(INSTALLED, '');
}

async function read({ directory, recordings, directions }: Job): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-onnx-asr-'));
  try {
    const paths = recordings.map((_, index) => join(folder, `${index}.f32`));
    for (const [index, path] of paths.entries()) {
      await writeFile(path, recordings[index] ?? new Float32Array(0));
    }
    const script = join(import.meta.dirname, 'canary-onnx-asr.py');
    const child = execFile(PYTHON, [script], { maxBuffer: 2 ** 28 });
    const exited = once(child, 'exit');
    child.stdin?.end(JSON.stringify({ directory, recordings: paths, directions }));
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('python3 has no pipes');
    const [answer, complaint] = await Promise.all([text(stdout), text(stderr), exited]);
    if (child.exitCode !== 0) throw new Error(complaint);
    return answerSchema.parse(JSON.parse(answer));
  } finally {
    await rm(folder, { recursive: true });
  }
}
