import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';
import type { Meeting } from './vad/meeting.ts';
import type { Side, SideJob, SideReport } from './vad/side.ts';

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

function share(one: SideReport, other: SideReport): string {
  const found = one.segments.flatMap((list, speaker) => list.map((text) => `${speaker} ${text}`));
  const theirs = new Set(
    other.segments.flatMap((list, speaker) => list.map((text) => `${speaker} ${text}`)),
  );
  const same = found.filter((text) => theirs.has(text)).length;
  return `${same} of ${found.length}`;
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
    console.log(
      `The segments are those of a model for each speaker that is told what is silent. Of their ` +
        `borders ${share(ours, baseline)} are where a model that judges the silence too has them.`,
    );
    return { benchmark: 'vad', ...measured, goal: 0.35, lowerIsBetter: true, unit: 'ms of CPU' };
  },
};
