import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaults } from '../../config/defaults.ts';
import { librivox, type Recording } from '../support/speech.ts';
import { CallPath } from './call-path.ts';
import { median, printTable, quantile, spread, type Benchmark } from './result.ts';

const execute = promisify(execFile);
const ROUNDS = 5;
/** As the media process counts them, from the last sample its VAD took for speech. */
const STAGES = ['endpoint', 'recognise', 'voice', 'playout'] as const;

/** The same three engines as command lines, one after another, on the recorded utterance. */
async function commandLines({ path }: Recording, folder: string) {
  const timed = async (command: string, args: readonly string[], input = '') => {
    const start = performance.now();
    const running = execute(command, args);
    running.child.stdin?.end(input);
    const { stdout } = await running;
    return { stdout: stdout.trim(), ms: performance.now() - start };
  };
  const recognised = await timed('pocketsphinx_continuous', [
    ...['-infile', path],
    ...['-logfn', '/dev/null'],
  ]);
  const text = recognised.stdout.replaceAll('\n', ' ');
  const translated = await timed('apertium', ['-u', 'eng-spa'], text);
  const voiced = await timed('espeak-ng', [
    ...['-v', 'es', '-w', join(folder, 'voice.wav')],
    ...['--', translated.stdout],
  ]);
  return { recognise: recognised.ms + translated.ms, voice: voiced.ms };
}

/**
 * From the end of speech to the first translated packet, against the same silence threshold
 * followed by the command-line tools. Both sides take turns in one run.
 */
export const voiceLatency: Benchmark = {
  name: 'voice-latency',
  summary: 'end of speech to first translated packet, against three command-line tools in a row',
  run: async () => {
    const recordings = librivox();
    const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
    await using path = await CallPath.create();
    const ours: number[] = [];
    const baseline: number[] = [];
    const ratios: number[] = [];
    const ourStages = STAGES.map((): number[] => []);
    const theirStages = STAGES.map((): number[] => []);
    try {
      // The first round warms both sides up and does not count.
      for (let round = 0; round <= ROUNDS; round += 1) {
        const roundOurs: number[] = [];
        const roundBaseline: number[] = [];
        for (const recording of recordings) {
          const said = await path.say(recording.audio, { phase: round * 53, voice: true });
          const total = said.stages.get('total');
          if (!said.voiced || total === undefined) throw new Error(`${recording.name} stayed mute`);
          const tools = await commandLines(recording, folder);
          const wait = defaults.media.vadMinSilenceMs;
          if (round === 0) continue;
          roundOurs.push(total * 1000);
          roundBaseline.push(wait + tools.recognise + tools.voice);
          for (const [index, stage] of STAGES.entries()) {
            ourStages[index]?.push((said.stages.get(stage) ?? 0) * 1000);
            theirStages[index]?.push([wait, tools.recognise, tools.voice, 0][index] ?? 0);
          }
        }
        if (round === 0) continue;
        ours.push(...roundOurs);
        baseline.push(...roundBaseline);
        ratios.push(median(roundOurs) / median(roundBaseline));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    printTable(
      ['stage (ms)', 'ours p50', 'ours p95', 'tools p50', 'tools p95'],
      [
        ...STAGES.map((stage, index): (string | number)[] => [
          stage,
          ...both(ourStages[index] ?? []),
          ...both(theirStages[index] ?? []),
        ]),
        ['end of speech to first packet', ...both(ours), ...both(baseline)],
      ],
    );
    return {
      benchmark: 'voice-latency',
      ratio: median(ours) / median(baseline),
      goal: 0.4,
      lowerIsBetter: true,
      ours: median(ours),
      baseline: median(baseline),
      unit: 'ms',
      rounds: ROUNDS,
      spread: spread(ratios),
    };
  },
};

const both = (values: readonly number[]) => [median(values), quantile(values, 0.95)];
