import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { askPython, pythonWith } from './python-packages.ts';

/** onnx-asr reads the same model directories as Parley; from PyPI, kept in the user's cache. */
const PACKAGES = ['onnx-asr==0.12.0', 'onnxruntime==1.31.1', 'numpy==2.4.6'];

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
    const python = await pythonWith('onnx-asr-0.12.0', PACKAGES);
    return { here: true, read: (job) => read(python, job) };
  } catch (error) {
    const [why = ''] = String(error).split('\n', 1);
    return { here: false, why: `onnx-asr cannot be installed from PyPI: ${why}` };
  }
}

async function read(python: string, { directory, recordings, directions }: Job): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-onnx-asr-'));
  try {
    const paths = recordings.map((_, index) => join(folder, `${index}.f32`));
    for (const [index, path] of paths.entries()) {
      await writeFile(path, recordings[index] ?? new Float32Array(0));
    }
    const script = join(import.meta.dirname, 'canary-onnx-asr.py');
    const job = { directory, recordings: paths, directions };
    return answerSchema.parse(await askPython(python, script, job));
  } finally {
    await rm(folder, { recursive: true });
  }
}
