import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readArguments, USAGE, UsageError } from './arguments.ts';
import type { LoadArguments } from './arguments.ts';
import { writeCapacity } from './capacity/write.ts';
import { pictureOf } from './picture.ts';
import { Progress, progressLine } from './progress.ts';
import { hints } from './refusals.ts';
import { Report } from './report.ts';
import { run, RunError } from './run.ts';
import { summaryOf } from './summary.ts';
import { TargetError } from './target.ts';
import { exitCode } from './thresholds.ts';

/** `npm run load`: bots that meet, speak and listen, and a report of how they fared. */

const REPORT = join(import.meta.dirname, '../.artifacts/load.json');
/** npm passes Ctrl-C on to a process that the terminal has told already: one wish, two signals. */
const SAME_WISH_MS = 1_000;

const progress = new Progress(process.stdout);
const interrupted = new AbortController();
let since: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (since !== undefined && performance.now() - since > SAME_WISH_MS) process.exit(130);
    since ??= performance.now();
    interrupted.abort();
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!isTold(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function main(argv: readonly string[]): Promise<number> {
  const asked = readArguments(argv);
  if (asked === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (asked.writeCapacity) {
    await writeCapacity(asked, (load) => loadWith({ ...asked, ...load }), interrupted.signal);
    return 0;
  }
  const report = await loadWith(asked);
  const file = asked.report ?? REPORT;
  const picture = file.replace(/\.json$/, '.svg');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(Report.parse(report), null, 2)}\n`);
  await writeFile(picture, pictureOf(report));
  progress.say(`\n${summaryOf(report)}\n\nReport: ${file}\nPicture: ${picture}`);
  return exitCode(report);
}

async function loadWith(asked: LoadArguments): Promise<Report> {
  const { rooms, peers, speakers, minutes, url, rtp } = asked;
  const people = rooms * (rtp ? speakers : peers);
  const what = `Meetings: ${rooms}, people in all: ${people}, minutes: ${minutes}`;
  progress.say(
    url === undefined
      ? `${what}. Ctrl-C ends it and writes the report.`
      : `${what}. This is real load for ${url}: go on only if it is yours. Ctrl-C ends it.`,
  );
  const report = await run(asked, {
    interrupted: interrupted.signal,
    onSecond: (account, elapsedMs) => {
      progress.show(progressLine(account, elapsedMs, people));
    },
  });
  for (const hint of hints(report.refusals)) progress.say(hint);
  return report;
}

/** What a person can put right is one message; anything else is a fault of ours, with its trace. */
function isTold(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof TargetError || error instanceof RunError;
}
