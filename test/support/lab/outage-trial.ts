import { setTimeout } from 'node:timers/promises';
import type { Outage } from '../../network/fault-matrix.ts';
import type { LabCall } from './call.ts';
import { waited, type Awaited } from './calm.ts';
import type { Claim, Figure, Finding } from './finding.ts';
import type { Person } from './hosts.ts';
import type { Disturbance } from './lab.ts';
import type { Seen } from './page-watch.ts';
import { longestGap, longestSilence, statuses, type Span } from './sightings.ts';
import { asked, captionsComplete, everyoneReads, nobodyGone, oneTileEach, said } from './trial.ts';
import { until } from './until.ts';

/** Sound that was on its way when a fault began. */
const AFTERGLOW_MS = 500;
/** When the server must have given up those it cannot hear: its grace of 30 s, and some. */
const GONE_AFTER_MS = 39_000;
/** Sound that stops for so long has stopped. In a pause of speech a packet comes every 400 ms. */
const LONGEST_GAP_MS = 1_000;
const PATIENCE_MS = 20_000;

/** Breaks the network of some, puts it right, and tells how the call came through. */
export async function endure(
  call: LabCall,
  row: Outage,
  whose: readonly Person[],
): Promise<Finding> {
  const { listener } = call.people;
  const began = Date.now();
  const removed = await during(call, row, whose);
  const fromEnd = row.countedFrom === 'its end';
  const ended = Date.now();
  const counted = fromEnd ? ended : began;
  const since = fromEnd ? counted : began + AFTERGLOW_MS;
  const words: Awaited = whose.includes('speaker') ? 'new words' : 'translated';

  const measure = async (what: Awaited): Promise<Figure> => {
    const deadline = row.withinMs + PATIENCE_MS;
    await until(async () => waited(await listener.seen(), what, since) !== undefined, deadline);
    const measured = (waited(await listener.seen(), what, since) ?? Infinity) + since - counted;
    const anyway = call.waitAnyway(what, since);
    const value = Math.max(0, measured - anyway);
    return { what, value, limit: row.withinMs, unit: 'ms', of: { measured, anyway } };
  };
  const figures = row.expects.unheard
    ? neverStopping(call, await listener.seen(), { from: began, to: ended })
    : [await measure('original'), await measure(words)];
  const claims = [
    await everyoneReads(call, ended),
    await captionsComplete(call),
    ...(await oneTileEach(call, began)),
    ...(row.expects.gone ? removed : await nobodyGone(call, began)),
    ...(await expected(call, row, { whose, began, ended })),
  ];
  const notes = [...(await said(call, began)), ...asked(call, began)];
  return { row: row.name, whose, figures, claims, notes };
}

/** How long the sound stopped in between, beyond what it does anyway. */
function neverStopping(call: LabCall, seen: readonly Seen[], span: Span): readonly Figure[] {
  const { calm } = call;
  const measured = longestSilence(seen, 'translated', span);
  const anyway = longestSilence(calm.seen, 'translated', calm.span);
  const [what, value] = ['silence', Math.max(0, measured - anyway)];
  const gap = longestGap(seen, span);
  return [
    { what: 'packets missing', value: gap, limit: LONGEST_GAP_MS, unit: 'ms' },
    { what, value, limit: LONGEST_GAP_MS, unit: 'ms', of: { measured, anyway } },
  ];
}

/** From the beginning of a fault to its end; says whether the server gave people up meanwhile. */
async function during(
  call: LabCall,
  { fault, lastsMs }: Outage,
  whose: readonly Person[],
): Promise<readonly Claim[]> {
  const { lab, server } = call.site;
  if (fault.kind === 'move') {
    await Promise.all(whose.map((person) => lab.move(person)));
    return [];
  }
  const disturbances: Disturbance[] = [];
  for (const person of whose) disturbances.push(await lab.disturb(person, fault));
  const claims: Claim[] = [];
  const look = Math.min(lastsMs, GONE_AFTER_MS);
  await setTimeout(look);
  if (look < lastsMs) {
    const left = await server.metric('parley_server_peers');
    const says = `those who are away are given up (${left ?? 'unknown'} left)`;
    claims.push({ says, holds: left === 2 - whose.length });
    await setTimeout(lastsMs - look);
  }
  for (const disturbance of disturbances) await disturbance.lift();
  return claims;
}

async function expected(
  call: LabCall,
  { expects }: Outage,
  { whose, began, ended }: { whose: readonly Person[]; began: number; ended: number },
): Promise<readonly Claim[]> {
  const people = whose.map((person) => call.people[person]);
  const claims: Claim[] = [];
  if (expects.iceRestart === 'none') {
    const restarts = people.reduce((sum, person) => sum + person.sent('restartIce', began), 0);
    claims.push({ says: `no ICE restart (${restarts})`, holds: restarts === 0 });
  }
  if (expects.unheard) {
    for (const person of people) {
      const lines = await person.lines('Ann');
      const meanwhile = lines.filter(({ startedAt }) => startedAt > began && startedAt < ended);
      const says = `what was said meanwhile is read later (${meanwhile.length} lines)`;
      claims.push({ says, holds: meanwhile.length > 0 });
    }
  }
  const { path } = expects;
  if (path !== undefined) {
    for (const person of people) {
      const [, ...texts] = statuses(await person.seen(), began);
      const says = `the path is told: ${texts.join(' → ')}`;
      claims.push({ says, holds: texts.some((text) => path.test(text)) });
    }
  }
  return claims;
}
