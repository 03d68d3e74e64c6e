import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const DOCKER = join(import.meta.dirname, '../../docker');
const Words = z.array(z.string());

/** What a Dockerfile says of how its image is run. */
export interface Image {
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/** Reads it of a file below docker/, as these are written: one ENV, words in JSON. */
export function imageOf(path: string): Image {
  const file = readFileSync(join(DOCKER, path), 'utf8');
  const words = (pattern: RegExp) => Words.parse(JSON.parse(pattern.exec(file)?.[1] ?? '[]'));
  const [, block = ''] = /\nENV ((?:.*\\\n)*.*)\n/.exec(file) ?? [];
  const env = block
    .split(/\s*\\\n\s*/)
    .map((pair) => pair.split('='))
    .map(([name = '', ...value]): [string, string] => [name, value.join('=')]);
  return {
    env: Object.fromEntries(env),
    entrypoint: words(/^ENTRYPOINT (\[.*\])$/m),
    command: words(/^CMD (\[.*\])$/m),
    healthCheck: words(/^HEALTHCHECK [^[]*CMD (\[.*\])$/m),
  };
}
