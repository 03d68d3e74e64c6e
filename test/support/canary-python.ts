import { join } from 'node:path';
import { z } from 'zod';
import { askPython, pythonWith } from './python-packages.ts';

/** What docker/triton's Canary needs, from PyPI. */
const PACKAGES = ['onnxruntime==1.31.1', 'numpy==2.4.6'];

/** A Python with them, kept in the user's cache and installed now if need be. Rejects where it cannot be had. */
export function canaryPython(): Promise<string> {
  return pythonWith('onnxruntime-1.31.1', PACKAGES);
}

export interface Job {
  readonly directory: string;
  /** Paths of raw float32 at 16 kHz. */
  readonly recordings: readonly string[];
  readonly directions: readonly (readonly [source: string, target: string])[];
  /** Milliseconds of the parts that the first recording is heard in. */
  readonly partMs: number;
}

const written = z.object({ committed: z.string(), tentative: z.string(), logprob: z.number() });
const answerSchema = z.object({
  /** By recording, then by direction; all of them heard at once. */
  texts: z.array(z.array(written)),
  /** Of the first recording, by part, in the first direction. */
  parts: z.array(written),
  /** Codes of what was refused, by what was wrong. */
  refused: z.record(z.string(), z.string()),
  /** Numbers of the front end, by name. */
  golden: z.record(z.string(), z.number()),
});

/** What docker/triton's Canary, without Triton, makes of recordings. */
export async function readWithPython(python: string, job: Job) {
  const script = join(import.meta.dirname, 'canary_python.py');
  return answerSchema.parse(await askPython(python, script, job));
}
