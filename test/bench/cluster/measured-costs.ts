import { pino } from 'pino';
import { nanoid } from 'nanoid';
import { defaults } from '../../../config/defaults.ts';
import { NodeList } from '../../../server/cluster/node-list.ts';
import { Redis } from '../../../server/cluster/redis.ts';
import { RoomStore } from '../../../server/cluster/room-store.ts';
import { RoomId } from '../../../server/protocol/ids.ts';
import { costsOf, PLAN } from '../../load/capacity/costs.ts';
import type { Step } from '../../load/capacity/costs.ts';
import { requireGood } from '../../load/capacity/require-good.ts';
import { restOf } from '../../load/capacity/rest.ts';
import { readArguments } from '../../load/arguments.ts';
import { librivoxScript, talkShare } from '../../load/crew/speech-script.ts';
import type { ProcessCost } from '../../load/report.ts';
import { run } from '../../load/run.ts';
import { startRedis } from '../../support/redis-server.ts';
import type { Costs } from './simulation.ts';

const ROOMS = 2;
const MINUTES = 1;

/**
 * What meetings cost this machine now, by the load tool, and what being one of several nodes costs. Rejects
 * with a RunError when the machine is too busy to tell.
 */
export async function measuredCosts(): Promise<Costs> {
  const rest = await restOf();
  const few = await processes('few');
  const listeners = await processes('listeners');
  const languages = await processes('languages');
  const costs = costsOf({ rest, few, listeners, languages }, ROOMS);
  const sum = (of: (cost: (typeof costs)[number]) => { readonly cpuMsPerSecond: number }): number =>
    costs.reduce((all, cost) => all + of(cost).cpuMsPerSecond, 0);
  // Speakers of the load tool pause; those of the simulation speak in a second or do not.
  const talk = talkShare(await librivoxScript());
  const language = sum((cost) => cost.language) / talk;
  return {
    rest: sum((cost) => cost.rest),
    speech: sum((cost) => cost.speaker) / talk + language,
    listener: sum((cost) => cost.listener),
    language,
    ...(await beatCosts()),
  };
}

async function processes(step: Step): Promise<readonly ProcessCost[]> {
  const asked = readArguments(['--rooms', String(ROOMS), '--minutes', String(MINUTES)]);
  if (asked === 'help') throw new Error('nobody asked for help');
  const never = new AbortController().signal;
  const watch = { interrupted: never, onSecond: () => undefined };
  const report = await run({ ...asked, ...PLAN[step] }, watch);
  requireGood(report);
  const { processes: measured } = report;
  console.error(`${step}: ${measured.map(shown).join(', ')}`);
  return measured;
}

const shown = ({ name, cpuMsPerSecond }: ProcessCost): string =>
  `${name} ${cpuMsPerSecond.toFixed(0)} ms/s`;

const BEATS = 200;
const NODES = 20;
const LEASES = 400;

/** Processor time of this process for what a node says to a real Redis at each beat. */
async function beatCosts(): Promise<Pick<Costs, 'beat' | 'nodeSeen' | 'lease'>> {
  await using server = await startRedis();
  const redis = await Redis.connect({ url: server.url }, pino({ level: 'silent' }));
  const { beatMs, leaseMs } = defaults.server.cluster;
  const times = { beatMs, leaseMs };
  const list = new NodeList({ redis, ...times, now: () => performance.now() });
  const self = {
    ...{ id: nanoid(), url: 'http://node.example', version: '1.0.0', state: 'ready' as const },
    ...{ load: 0.5, rooms: 100, people: 400 },
  };
  const beats = async (): Promise<number> =>
    cpuOf(BEATS, async () => {
      await list.show(self);
      await list.look();
    });
  await beats();
  const alone = await beats();
  for (let other = 1; other < NODES; other += 1) await list.show({ ...self, id: nanoid() });
  const among = await beats();

  const store = new RoomStore({
    ...{ redis, node: self.id, leaseMs: times.leaseMs },
    ...{ captionsMs: 60_000, keepMs: 60_000 },
  });
  const rooms = Array.from({ length: LEASES }, () => RoomId.parse(nanoid(22)));
  const claims = await Promise.all(
    rooms.map(async (id) => ({ id, ...(await store.claim(id, self.id)) })),
  );
  const renewed = (): Promise<unknown> =>
    Promise.all(claims.map(({ id, generation }) => store.renew(id, generation)));
  await cpuOf(5, renewed);
  const leases = await cpuOf(10, renewed);
  redis.close();
  const nodeSeen = (among - alone) / (NODES - 1);
  return { beat: Math.max(0, alone - nodeSeen), nodeSeen, lease: leases / LEASES };
}

/** Milliseconds for each time that it is done. */
async function cpuOf(times: number, act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}
