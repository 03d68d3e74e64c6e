import { globSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Copies what an image is built from: what .dockerignore lets through (a `*`, then exceptions). */
export async function copyImageContext(to: string): Promise<void> {
  const lines = (await readFile(join(ROOT, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [everything, ...rules] = lines;
  if (everything !== '*') throw new Error('.dockerignore lets everything through');
  const wanted = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const without = new Set(
    rules
      .filter((rule) => !rule.startsWith('!'))
      .flatMap((rule) => globSync(rule, { cwd: ROOT }))
      .map((path) => join(ROOT, path)),
  );
  for (const path of wanted.flatMap((rule) => globSync(rule, { cwd: ROOT }))) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(ROOT, path), join(to, path), {
      recursive: true,
      filter: (source) => !without.has(source),
    });
  }
}
