import type { LabCall } from './call.ts';
import type { Claim } from './finding.ts';
import type { Person } from './hosts.ts';
import { firstLine, statuses } from './sightings.ts';
import { until } from './until.ts';

const SETTLE_MS = 10_000;
const READ_MS = 30_000;
const names: Readonly<Record<Person, string>> = { speaker: 'Ann', listener: 'Luz' };

/** What must hold after every trial, whatever was done. */
export async function captionsComplete(call: LabCall): Promise<Claim> {
  await until(async () => {
    const { missing, repeated, inOrder } = await call.comparison();
    return missing === 0 && repeated === 0 && inOrder;
  }, SETTLE_MS);
  const { missing, repeated, inOrder } = await call.comparison();
  return {
    says: `every line is shown to both, once and in order (missing ${missing}, repeated ${repeated}, in order: ${String(inOrder)})`,
    holds: missing === 0 && repeated === 0 && inOrder,
  };
}

/** Both pages go on with what is said after a moment. */
export async function everyoneReads(call: LabCall, since: number): Promise<Claim> {
  const reads = async (person: Person): Promise<boolean> =>
    firstLine(await call.people[person].seen(), since) !== undefined;
  const both = async (): Promise<boolean> => (await reads('speaker')) && (await reads('listener'));
  return { says: 'both read what is said afterwards', holds: await until(both, READ_MS) };
}

/** Nobody is shown twice, and in the end both are there. */
export async function oneTileEach(call: LabCall, since: number): Promise<readonly Claim[]> {
  return Promise.all(
    (['speaker', 'listener'] as const).map(async (person) => {
      const other = names[person === 'speaker' ? 'listener' : 'speaker'];
      const shown = await cards(call, person);
      const twice = shown.some(
        (list) => list.at >= since && new Set(list.names).size < list.names.length,
      );
      const last = shown.at(-1)?.names ?? [];
      return {
        says: `${names[person]} sees ${other} once (${last.join(', ')})`,
        holds: !twice && last.filter((name) => name === other).length === 1,
      };
    }),
  );
}

/** Nobody lost sight of somebody. */
export async function nobodyGone(call: LabCall, since: number): Promise<readonly Claim[]> {
  return Promise.all(
    (['speaker', 'listener'] as const).map(async (person) => {
      const other = names[person === 'speaker' ? 'listener' : 'speaker'];
      const shown = (await cards(call, person)).filter(({ at }) => at >= since);
      return {
        says: `${other} stays in sight of ${names[person]}`,
        holds: shown.every((list) => list.names.includes(other)),
      };
    }),
  );
}

/** What status "Connection" has said to each, for people who read the report. */
export async function said(call: LabCall, since: number): Promise<readonly string[]> {
  return Promise.all(
    (['speaker', 'listener'] as const).map(async (person) => {
      const texts = statuses(await call.people[person].seen(), since);
      return `${names[person]}: ${texts.join(' → ')}`;
    }),
  );
}

/** What each page asked the server for, to get back. */
export function asked(call: LabCall, since: number): readonly string[] {
  const requests = ['join', 'restartIce', 'createWebRtcTransport'];
  return (['speaker', 'listener'] as const).map((person) => {
    const counts = requests.map((name) => `${name} ${call.people[person].sent(name, since)}`);
    return `${names[person]} sent: ${counts.join(', ')}`;
  });
}

async function cards(call: LabCall, person: Person) {
  const seen = await call.people[person].seen();
  return seen.filter((one) => one.what === 'people');
}
