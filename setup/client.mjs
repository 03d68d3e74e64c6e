/** Builds the pages that browsers get. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './hash.mjs';
import { BIN, ROOT } from './places.mjs';
import { run } from './run.mjs';

const OUTPUT = 'client/dist';
/** Names the sources that the pages were built from; written last. */
const STAMP = join(ROOT, OUTPUT, '.built-from');

/** Runs vite unless the pages were built from just these sources. */
export async function buildClient(node, show) {
  const sources = hashOf(ROOT, ['client', 'server/protocol', 'package-lock.json'], [OUTPUT]);
  if (readStamp() === sources) return;
  show('building the pages');
  rmSync(STAMP, { force: true });
  await run([node, join(BIN, 'vite'), 'build', '--config', 'client/vite.config.ts'], {
    name: 'vite build',
    cwd: ROOT,
    onLine: (line) => {
      show(line.trim());
      return false;
    },
  });
  writeFileSync(STAMP, sources);
}

function readStamp() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}
