import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceClient } from '../../inference/protocol/client.ts';
import { librivox, readWav } from '../support/speech.ts';
import { wordErrors, words } from '../support/word-errors.ts';
import { CallPath } from './call-path.ts';
import { printTable, spread, type Benchmark } from './result.ts';

/** Recordings that some workplaces have beside the checkout; their README tells the words. */
const MORE_SPEECH = join(import.meta.dirname, '../../../shared/fixtures/speech');
/** Shifts against the 20 ms packet grid, in samples of 16 kHz. */
const PHASES = [0, 53, 107, 160, 213, 267];
/** Recordings said at the same time: what two cores can decode in real time with room to spare. */
const AT_ONCE = 2;

interface Spoken {
  readonly name: string;
  readonly words: string;
  readonly audio: Float32Array;
}

/**
 * What a call costs in words: errors of the recogniser through Opus, RTP, jitter buffer and VAD,
 * minus its errors on the file itself. A weak recogniser changes its mind at the smallest change of
 * its input, so each recording is said with several phases, to the call and to the recogniser alike.
 */
export const transparency: Benchmark = {
  name: 'transparency',
  summary: 'word error rate through the call minus that of the recogniser fed the file',
  run: async () => {
    const recordings = [...librivox(), ...(await moreSpeech())];
    await using path = await CallPath.create();
    await using recogniser = new InferenceClient(path.url, {
      timeoutMs: 120_000,
      healthTimeoutMs: 5_000,
    });
    const rows: (readonly [string, number, number, number])[] = [];
    const perPhase = PHASES.map(() => ({ call: 0, file: 0 }));
    for (const recording of recordings) {
      let call = 0;
      let file = 0;
      for (let at = 0; at < PHASES.length; at += AT_ONCE) {
        const phases = PHASES.slice(at, at + AT_ONCE);
        const said = await Promise.all(
          phases.map((phase) => path.say(recording.audio, { phase, voice: false })),
        );
        for (const [index, { transcript }] of said.entries()) {
          const errors = wordErrors(recording.words, transcript);
          call += errors;
          const round = perPhase[at + index];
          if (round) round.call += errors;
        }
      }
      for (const [index, phase] of PHASES.entries()) {
        const errors = wordErrors(
          recording.words,
          await recognise(recogniser, recording.audio, phase),
        );
        file += errors;
        const round = perPhase[index];
        if (round) round.file += errors;
      }
      const said = words(recording.words).length;
      rows.push([recording.name, said, file / PHASES.length / said, call / PHASES.length / said]);
    }
    const total = rows.reduce((sum, [, count]) => sum + count, 0);
    const rate = (errors: number) => errors / total / PHASES.length;
    const ours = rate(perPhase.reduce((sum, round) => sum + round.call, 0));
    const baseline = rate(perPhase.reduce((sum, round) => sum + round.file, 0));
    printTable(
      ['recording', 'words', 'WER, file', 'WER, call'],
      [...rows.toSorted(([a], [b]) => a.localeCompare(b)), ['all', total, baseline, ours]],
    );
    return {
      benchmark: 'transparency',
      ratio: ours - baseline,
      goal: 0.03,
      lowerIsBetter: true,
      ours,
      baseline,
      unit: 'word error rate',
      rounds: PHASES.length,
      spread: spread(perPhase.map(({ call, file }) => (call - file) / total)),
    };
  },
};

/** The whole file as one request, shifted by leaving out its first samples. */
async function recognise(client: InferenceClient, audio: Float32Array, phase: number) {
  const result = await client.speech({
    sequence: Math.floor(Math.random() * 2 ** 31),
    start: true,
    end: true,
    audio: audio.subarray(phase),
    source: 'en',
    targets: [],
  });
  return result.transcript.committed;
}

/** Files whose words are written in the table of the README beside them; none when it is not there. */
async function moreSpeech(): Promise<readonly Spoken[]> {
  const table = await readFile(join(MORE_SPEECH, 'README.md'), 'utf8').catch(() => '');
  const rows = table.matchAll(/^\| (\S+\.wav) \| ([^|]+) \|/gm);
  return Array.from(rows, ([, file = '', text = '']) => ({
    name: file.replace(/\.wav$/, ''),
    words: words(text).join(' '),
    audio: readWav(join(MORE_SPEECH, file)),
  }));
}
