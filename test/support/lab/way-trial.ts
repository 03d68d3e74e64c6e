import type { Way } from '../../network/fault-matrix.ts';
import { LabCall } from './call.ts';
import { waited } from './calm.ts';
import type { Finding } from './finding.ts';
import type { Person } from './hosts.ts';
import { statuses } from './sightings.ts';
import type { Site } from './site.ts';
import { asked, captionsComplete, oneTileEach, said } from './trial.ts';
import { until } from './until.ts';

const everyone: readonly Person[] = ['speaker', 'listener'];
const PATIENCE_MS = 20_000;
const TOLD_MS = 5_000;

/** A call of two that begins on networks which let little through. */
export async function begin(site: Site, row: Way): Promise<Finding> {
  await using resources = new AsyncDisposableStack();
  for (const person of everyone) {
    for (const fault of row.faults) resources.use(await site.lab.disturb(person, fault));
  }
  const call = resources.use(await LabCall.open(site, { relayOnly: row.relayOnly }));
  const { listener } = call.people;
  const { opened } = listener;
  const heard = async (): Promise<number | undefined> =>
    waited(await listener.seen(), 'translated', opened);
  await until(async () => (await heard()) !== undefined, row.withinMs + PATIENCE_MS);
  const value = (await heard()) ?? Infinity;

  const claims = [await captionsComplete(call), ...(await oneTileEach(call, opened))];
  for (const person of everyone) {
    const told = async (): Promise<string> =>
      statuses(await call.people[person].seen(), opened).at(-1) ?? '';
    await until(async () => row.path.test(await told()), TOLD_MS);
    const now = await told();
    claims.push({ says: `the path is told to the ${person}: “${now}”`, holds: row.path.test(now) });
  }
  return {
    row: row.name,
    whose: everyone,
    figures: [{ what: 'first words', value, limit: row.withinMs, unit: 'ms' }],
    claims,
    notes: [...(await said(call, opened)), ...asked(call, opened)],
  };
}
