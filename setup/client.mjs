/** Builds the pages that browsers get. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './hash.mjs';
import { BIN, ROOT } from './places.mjs';
import { run } from './run.mjs';

const OUTPUT = 'client/dist';
const SOURCES = [
  'client',
  'client/project.inlang/settings.json',
  'server/protocol',
  'package-lock.json',
];
/** Lies among them, but was made from them. */
const MADE = [OUTPUT, 'client/paraglide', 'client/project.inlang'];
/** Names the sources that the pages were built from; written last. */
const STAMP = join(ROOT, OUTPUT, '.built-from');

/** Runs vite unless the pages were built from just these sources. */
export async function buildClient(node, show) {
  // Type checks and tests read them, too.
  await run([node, join(ROOT, 'setup/compile-messages.mjs')], { name: 'messages', cwd: ROOT });
  const sources = hashOf(ROOT, SOURCES, MADE);
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
