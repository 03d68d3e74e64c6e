import { setImmediate } from 'node:timers/promises';
import { defaults } from '../../../config/defaults.ts';
import { SileroVad } from '../../../media/vad/silero.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { arrivalsOf } from './meeting.ts';
import type { Arrival, Meeting } from './meeting.ts';
import { Segments } from './segments.ts';

/**
 * `ours`: one model for all, told what is silent. `apart`: the same with a model for each speaker,
 * which must find the same segments. `baseline`: a model for each that judges every window.
 */
export type Side = 'ours' | 'apart' | 'baseline';

export interface SideJob {
  readonly side: Side;
  readonly meeting: Meeting;
}

export interface SideReport {
  readonly cpuMs: number;
  readonly runs: number;
  /** By speaker. */
  readonly segments: readonly (readonly string[])[];
}

process.once('message', ({ side, meeting }: SideJob) => {
  void judge(side, meeting).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});

async function judge(side: Side, meeting: Meeting): Promise<SideReport> {
  const arrivals = arrivalsOf(meeting);
  const clock = new FakeClock();
  await using models = new AsyncDisposableStack();
  const create = async (gatherMs: number) =>
    models.use(await SileroVad.create({ clock, gatherMs }));
  const shared = side === 'ours' ? await create(defaults.media.vadGatherMs) : undefined;
  const own: SileroVad[] = [];
  for (let speaker = 0; speaker < meeting.speakers; speaker += 1) {
    own.push(shared ?? (await create(0)));
  }
  const speakers = own.map((model) => new Segments(model.open(), side !== 'baseline'));
  const before = process.cpuUsage();
  if (shared === undefined) await oneByOne(arrivals, speakers);
  else await asTheyCome(arrivals, speakers, clock);
  const { user, system } = process.cpuUsage(before);
  const runs = [...new Set(own)].reduce((sum, model) => sum + model.runs, 0);
  return {
    cpuMs: (user + system) / 1000,
    runs,
    segments: speakers.map(({ found }) => found),
  };
}

async function oneByOne(
  arrivals: readonly Arrival[],
  speakers: readonly Segments[],
): Promise<void> {
  for (const { speaker, window } of arrivals) await speakers[speaker]?.hear(window);
}

/** Time passes as it would; a run is over before the next window comes. */
async function asTheyCome(
  arrivals: readonly Arrival[],
  speakers: readonly Segments[],
  clock: FakeClock,
): Promise<void> {
  const heard: Promise<void>[] = [];
  for (const { speaker, window } of arrivals) {
    clock.advance(window.arrivedAt - clock.now());
    const hearing = speakers[speaker]?.hear(window);
    if (hearing !== undefined && !window.silent) heard.push(hearing);
    await setImmediate();
    await setImmediate();
  }
  clock.advance(1000);
  await Promise.all(heard);
}
