import { availableParallelism, cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Account } from './account.ts';
import type { Load, LoadArguments } from './arguments.ts';
import type { Job } from './crew/messages.ts';
import { Crews, partsOf } from './crews.ts';
import { between, look, monotonic } from './look.ts';
import type { Look } from './look.ts';
import { REPORT_VERSION } from './report.ts';
import type { Report } from './report.ts';
import { ownServer, runningServer, targetLanguages } from './target.ts';
import type { Target } from './target.ts';
import { judge } from './thresholds.ts';

const TICK_MS = 1_000;
/** Memory is looked at less often than everything else: it costs the kernel something. */
const LOOK_EVERY = 5;

/** It could not be done; the message says why. */
export class RunError extends Error {}

export interface Watch {
  /** Told once a second. */
  readonly onSecond: (account: Account, elapsedMs: number) => void;
  /** Somebody wants it to end. */
  readonly interrupted: AbortSignal;
}

/** How a load went. */
interface Course {
  readonly startedAt: Date;
  readonly seconds: number;
  readonly ended: Report['ended'];
  readonly account: Account;
  readonly processes: number;
  /** At the beginning and at the end of the time in which everybody was in. */
  readonly first: Look | undefined;
  readonly last: Look | undefined;
}

/** Makes the load and reports what came of it. Rejects with a RunError or TargetError. */
export async function run(asked: LoadArguments, watch: Watch): Promise<Report> {
  const { url, metrics, rtp } = asked;
  await using resources = new AsyncDisposableStack();
  const target = rtp ? undefined : await (url ? runningServer(url, metrics) : ownServer());
  if (target) resources.use(target);
  const jobs = target ? await webRtcJobs(asked, target) : [rtpJob(asked)];

  const startedAt = new Date();
  const beganAt = monotonic();
  const account = new Account(beganAt);
  const complete = new AbortController();
  const lost = new AbortController();
  const crews = new Crews(jobs, {
    onTally: (tally) => {
      account.add(tally);
    },
    onComplete: () => {
      account.complete();
      complete.abort();
    },
    onLost: (message) => {
      lost.abort(message);
    },
  });
  resources.defer(() => crews.end());

  let first: Look | undefined;
  let last: Look | undefined;
  const stop = AbortSignal.any([watch.interrupted, lost.signal]);
  const stopped = (): boolean => stop.aborted;
  for (let ticks = 0; !stopped(); ticks += 1) {
    await setTimeout(TICK_MS, undefined, { signal: stop }).catch(() => undefined);
    account.tick(monotonic());
    watch.onSecond(account, monotonic() - beganAt);
    if (!complete.signal.aborted || stopped()) continue;
    if (first === undefined) first = await look(target, crews);
    else if (ticks % LOOK_EVERY === 0) last = await look(target, crews);
    const nobody = account.total('present') === 0;
    if (nobody || monotonic() - first.at >= asked.minutes * 60_000) break;
  }
  if (lost.signal.aborted && typeof lost.signal.reason === 'string') {
    throw new RunError(lost.signal.reason);
  }
  // Whoever interrupts it in a terminal interrupts a server of ours as well: it is not looked at again.
  if (first && !stopped()) last = await look(target, crews);
  const broken = lost.signal.aborted ? 'crew lost' : 'over';
  return reportOf(asked, {
    ...{ startedAt, account, first, last, processes: jobs.length },
    seconds: (monotonic() - beganAt) / 1000,
    ended: watch.interrupted.aborted ? 'interrupted' : broken,
  });
}

function reportOf(asked: LoadArguments, course: Course): Report {
  const { rooms, peers, speakers, languages, minutes, rtp, url, thresholds } = asked;
  const { startedAt, seconds, ended, account, first, last } = course;
  const { crewMsPerSecond, ...used } = between(first, last);
  const measures = {
    version: REPORT_VERSION,
    startedAt: startedAt.toISOString(),
    way: rtp ? 'rtp' : 'webrtc',
    server: url ?? 'own',
    load: { rooms, peers, speakers, languages, minutes },
    machine: {
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? 'unknown',
      node: process.versions.node,
    },
    ...{ ended, seconds, ...used },
    ...account.measures(rooms * (rtp ? speakers : peers)),
    bots: {
      processes: course.processes,
      cpuMsPerSecond: crewMsPerSecond,
      loopDelayMs: account.loopDelayMs,
    },
  } as const;
  return { ...measures, thresholds: judge(thresholds, measures), series: account.series };
}

async function webRtcJobs(asked: LoadArguments, { url }: Target): Promise<readonly Job[]> {
  const { rooms, peers, speakers } = asked;
  const languages = await targetLanguages(url, asked.languages);
  return partsOf(rooms, peers).map((part) => ({
    ...{ type: 'webrtc', url, peers, speakers, languages },
    ...part,
  }));
}

const rtpJob = ({ rooms, speakers, languages }: Load): Job => ({
  ...{ type: 'rtp', speakers: rooms * speakers, languages },
});
