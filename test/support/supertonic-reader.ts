import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { askPython, pythonWith } from './python-packages.ts';

/** Supertonic's authors' own package, from PyPI. */
const PACKAGES = ['supertonic==1.3.1', 'onnxruntime==1.31.1', 'numpy==2.4.6'];

export interface SayAgain {
  readonly text: string;
  readonly language: string;
  readonly style: string;
  readonly steps: number;
  readonly speed: number;
}

const answerSchema = z.object({
  said: z.array(
    z.object({
      ids: z.array(z.number()),
      seconds: z.number(),
      sound: z.string().transform((base64) => {
        const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
        return new Float32Array(bytes.buffer);
      }),
    }),
  ),
});
type Said = z.infer<typeof answerSchema>['said'];

export type Availability =
  | {
      readonly here: true;
      readonly speak: (
        directory: string,
        says: readonly SayAgain[],
        noise: Float32Array,
      ) => Promise<Said>;
    }
  | { readonly here: false; readonly why: string };

/** The package, installed now if need be; or why it cannot be had. */
export async function supertonicPackage(): Promise<Availability> {
  try {
    const python = await pythonWith('supertonic-1.3.1', PACKAGES);
    return {
      here: true,
      speak: async (directory, says, noise) => {
        const folder = await mkdtemp(join(tmpdir(), 'parley-supertonic-'));
        try {
          const path = join(folder, 'noise.f32');
          await writeFile(path, noise);
          const script = join(import.meta.dirname, 'supertonic-reader.py');
          const answer = await askPython(python, script, { directory, says, noise: path });
          return answerSchema.parse(answer).said;
        } finally {
          await rm(folder, { recursive: true });
        }
      },
    };
  } catch (error) {
    const [why = ''] = String(error).split('\n', 1);
    return { here: false, why: `supertonic cannot be installed from PyPI: ${why}` };
  }
}
