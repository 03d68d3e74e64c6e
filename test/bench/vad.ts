import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { median, printTable, quantile } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';
import type { Meeting } from './vad/meeting.ts';
import type { Side, SideJob, SideReport } from './vad/side.ts';

const WINDOW_MS = 32;

/** 16 people of whom two speak at any time: after 6 s each is silent for 42. */
const MEETING: Meeting = { speakers: 16, seconds: 96, turnSeconds: 6 };

/** Judges the meeting in a process of its own. */
async function judge(side: Side, meeting = MEETING): Promise<SideReport> {
  const child = fork(join(import.meta.dirname, 'vad/side.ts'), { execArgv: [] });
  const exited = once(child, 'exit');
  const reported = new Promise<SideReport>((resolve, reject) => {
    child.once('message', (report: SideReport) => {
      resolve(report);
    });
    child.once('exit', () => {
      reject(new Error(`${side} ended without a report`));
    });
  });
  child.send({ side, meeting } satisfies SideJob);
  const report = await reported;
  await exited;
  return report;
}

/** How far each border of one side is from the nearest of its kind on the other, in windows. */
function moves(one: SideReport, other: SideReport): readonly number[] {
  return one.segments.flatMap((borders, speaker) =>
    borders.map((border) => {
      const { kind, at } = readBorder(border);
      const distances = (other.segments[speaker] ?? [])
        .map(readBorder)
        .filter((their) => their.kind === kind)
        .map((their) => Math.abs(their.at - at) / WINDOW_MS);
      return Math.min(...distances);
    }),
  );
}

function readBorder(border: string): { kind: string; at: number } {
  const [kind = '', at = ''] = border.split(' ');
  return { kind, at: Number(at) };
}

/** Processor time of the VAD, whose segments must be those of a model for each speaker. */
export const vad: Benchmark = {
  name: 'vad',
  summary: 'VAD for 16 speakers of whom 2 talk, against a session for each that judges everything',
  run: async () => {
    const apart = await judge('apart');
    let last: { ours?: SideReport; baseline?: SideReport } = {};
    const measured = await takeTurns({
      ours: async () => {
        const ours = await judge('ours');
        if (!isDeepStrictEqual(ours.segments, apart.segments)) {
          throw new Error('the segments are not those of a model for each speaker');
        }
        last = { ...last, ours };
        return ours.cpuMs;
      },
      baseline: async () => {
        const baseline = await judge('baseline');
        last = { ...last, baseline };
        return baseline.cpuMs;
      },
    });
    const { ours, baseline } = last;
    if (ours === undefined || baseline === undefined) throw new Error('nothing was measured');
    printTable(
      [`${MEETING.seconds} s of a meeting`, 'CPU ms', 'runs'],
      [
        ['ours', measured.ours, ours.runs],
        ['a session for each, every window', measured.baseline, baseline.runs],
      ],
    );
    const moved = moves(ours, baseline);
    const same = moved.filter((windows) => windows < 0.5).length;
    console.log(
      'The segments are those of a model for each speaker that is told what is silent. Of their ' +
        `${moved.length} borders ${same} are where a model that judges the silence too has them; ` +
        `half are within ${median(moved).toFixed(1)} windows of it, nine in ten within ` +
        `${quantile(moved, 0.9).toFixed(1)}.`,
    );
    return { benchmark: 'vad', ...measured, goal: 0.35, lowerIsBetter: true, unit: 'ms of CPU' };
  },
};
