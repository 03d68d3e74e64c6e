import { transparency } from './transparency.ts';
import { voiceLatency } from './voice-latency.ts';
import type { Benchmark } from './result.ts';

/** `npm run bench` lists and runs all benchmarks; `npm run bench -- <name>` runs one. */
const benchmarks: readonly Benchmark[] = [transparency, voiceLatency];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benchmarks.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. There are:`);
  for (const { name, summary } of benchmarks) console.error(`  ${name}: ${summary}`);
  process.exit(1);
}

const chosen = benchmarks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
for (const { name, summary } of chosen) console.log(`${name}: ${summary}`);
for (const benchmark of chosen) {
  console.log(`\n${benchmark.name}`);
  const result = await benchmark.run();
  const met = result.lowerIsBetter ? result.ratio <= result.goal : result.ratio >= result.goal;
  console.log(met ? 'Goal met.' : 'Goal missed.');
  console.log(JSON.stringify(result));
}
