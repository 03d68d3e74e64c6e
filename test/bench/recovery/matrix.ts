import { everyone, jitter, outages, ways, weathers } from '../../network/fault-matrix.ts';
import { LabCall } from '../../support/lab/call.ts';
import type { Finding } from '../../support/lab/finding.ts';
import type { Person } from '../../support/lab/hosts.ts';
import { endure } from '../../support/lab/outage-trial.ts';
import { RTC_PORT } from '../../support/lab/server.ts';
import { Site } from '../../support/lab/site.ts';
import { begin } from '../../support/lab/way-trial.ts';
import { weather } from '../../support/lab/weather-trial.ts';

/** Whose network fails: that of the person who speaks, of the one who listens, of both at once. */
const BEFALLEN: readonly (readonly Person[])[] = [['speaker'], ['listener'], everyone];

/** Goes through the whole fault matrix once and hands out what each row came to. */
export async function* throughMatrix(): AsyncGenerator<Finding> {
  await using site = await Site.create();
  for (const whose of BEFALLEN) {
    await using call = await LabCall.open(site);
    await call.observeCalm();
    if (whose === everyone) for (const row of weathers) yield await weather(call, row);
    for (const row of outages) yield await endure(call, row, whose);
  }
  yield await withJitter(site);
  for (const row of ways) yield await begin(site, row);
}

/** Delay has to be on the way before the call begins. */
async function withJitter(site: Site): Promise<Finding> {
  await using clearing = new AsyncDisposableStack();
  for (const person of everyone) {
    clearing.use(await site.lab.roughen(person, RTC_PORT, jitter.weather));
  }
  const call = clearing.use(await LabCall.open(site));
  await call.untilHeard();
  return await weather(call, jitter);
}
