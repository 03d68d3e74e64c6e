import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { format, resolveConfig } from 'prettier';
import { documented } from './document.ts';
import { BenchmarkResult, verdict, type Benchmark } from './result.ts';
import { capacity } from './capacity.ts';
import { backlog } from './backlog.ts';
import { cluster } from './cluster.ts';
import { directVsPlain } from './direct-vs-plain.ts';
import { fanOut } from './fan-out.ts';
import { firstPhrase } from './first-phrase.ts';
import { inferenceRemote } from './inference-remote.ts';
import { ingestCpu } from './ingest-cpu.ts';
import { ingestDelay } from './ingest-delay.ts';
import { ingestMemory } from './ingest-memory.ts';
import { isolation } from './isolation.ts';
import { joining } from './join.ts';
import { languages } from './languages.ts';
import { loss } from './loss.ts';
import { mel } from './mel.ts';
import { pacing } from './pacing.ts';
import { recovery } from './recovery.ts';
import { sessionOptionsBenchmark } from './session-options.ts';
import { transparency } from './transparency.ts';
import { vad } from './vad.ts';
import { voiceLatency } from './voice-latency.ts';

/**
 * `npm run bench` lists and runs all benchmarks, `npm run bench -- <name>…` some, each in a process of
 * its own, and writes what they found into docs/benchmarks.md.
 */
const benchmarks: readonly Benchmark[] = [
  voiceLatency,
  transparency,
  ingestCpu,
  ingestMemory,
  ingestDelay,
  loss,
  pacing,
  isolation,
  vad,
  backlog,
  fanOut,
  capacity,
  directVsPlain,
  recovery,
  joining,
  mel,
  languages,
  sessionOptionsBenchmark,
  firstPhrase,
  cluster,
  inferenceRemote,
];

const PAGE = join(import.meta.dirname, '../../docs/benchmarks.md');
/** Says to a process that it is the one that measures. */
const ALONE = '--alone';

const names = process.argv.slice(2).filter((argument) => argument !== ALONE);
const unknown = names.filter((name) => !benchmarks.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. There are:`);
  for (const { name, summary } of benchmarks) console.error(`  ${name}: ${summary}`);
  process.exit(1);
}
const chosen = benchmarks.filter(({ name }) => names.length === 0 || names.includes(name));

if (process.argv.includes(ALONE)) {
  for (const benchmark of chosen) {
    const result = await benchmark.run();
    console.error(`Goal ${verdict(result)}.`);
    console.log(JSON.stringify(result));
  }
} else {
  for (const { name, summary } of chosen) console.log(`${name}: ${summary}`);
  for (const { name } of chosen) await record(name);
}

/** Runs a benchmark, shows what it prints, and writes it down. */
async function record(name: string): Promise<void> {
  console.log(`\n${name}`);
  const child = spawn(process.execPath, [import.meta.filename, ALONE, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const copy = new PassThrough();
  child.stdout.pipe(copy);
  child.stdout.pipe(process.stdout, { end: false });
  const exited = once(child, 'exit');
  const lines = (await text(copy)).trimEnd().split('\n');
  await exited;
  if (child.exitCode !== 0) throw new Error(`${name} broke off`);
  const result = BenchmarkResult.parse(JSON.parse(lines.at(-1) ?? ''));
  const page = documented(await readFile(PAGE, 'utf8'), {
    result,
    output: lines.slice(0, -1).join('\n'),
    date: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.versions.node}`,
  });
  await writeFile(PAGE, await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}
