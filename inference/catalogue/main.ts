import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import { CATALOGUE } from './catalogue.ts';
import { run } from './command-line.ts';
import { ProgressBar, ProgressLines, type ProgressOutput } from './progress.ts';

/**
 * `npm run models -- list|pull|verify|remove`: the models that Parley can use. Results go to standard
 * output, progress and problems to standard error. Exit codes: 0 done, 1 failed, 2 not understood,
 * 3 licence not accepted, 130 stopped by Ctrl-C.
 */
const output: ProgressOutput = {
  write: (text) => {
    process.stderr.write(text);
  },
  now: () => performance.now(),
};
const terminal = process.stderr.isTTY;

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Once: who asks a second time means at once.
  process.once(name, () => {
    stop.abort();
  });
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question, { signal: stop.signal })).trim());
  } finally {
    lines.close();
  }
}

process.exitCode = await run(process.argv.slice(2), {
  catalogue: CATALOGUE,
  env: process.env,
  print: (text) => {
    process.stdout.write(text);
  },
  progress: terminal
    ? new ProgressBar(output, () => process.stderr.columns || 80)
    : new ProgressLines(output),
  ask: terminal && process.stdin.isTTY ? ask : undefined,
  pause: async (ms, signal) => {
    await setTimeout(ms, undefined, { signal });
  },
  signal: stop.signal,
});
