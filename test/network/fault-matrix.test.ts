import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LabCall } from '../support/lab/call.ts';
import { failures, type Finding } from '../support/lab/finding.ts';
import { Lab } from '../support/lab/lab.ts';
import { endure } from '../support/lab/outage-trial.ts';
import { RTC_PORT } from '../support/lab/server.ts';
import { Site } from '../support/lab/site.ts';
import { begin } from '../support/lab/way-trial.ts';
import { weather } from '../support/lab/weather-trial.ts';
import { everyone, jitter, outages, ways, weathers } from './fault-matrix.ts';

const ARTIFACTS = join(import.meta.dirname, '../.artifacts');
const findings: Finding[] = [];

/** A finding is checked as a whole, so that a failing row shows all that was seen. */
function check(finding: Finding): void {
  findings.push(finding);
  expect(failures(finding), JSON.stringify(finding, null, 2)).toEqual([]);
}

const missing = await Lab.missing();
const reason = missing === undefined ? '' : ` (left out: ${missing})`;

describe.skipIf(missing !== undefined)(`a translated call on a network that fails${reason}`, () => {
  const resources = new AsyncDisposableStack();
  let site: Site;

  beforeAll(async () => {
    site = resources.use(await Site.create());
  }, 60_000);
  afterAll(async () => {
    await resources.disposeAsync();
    await mkdir(ARTIFACTS, { recursive: true });
    await writeFile(join(ARTIFACTS, 'network.json'), JSON.stringify(findings, null, 2));
  });

  describe('a call that runs already', () => {
    let call: LabCall;

    beforeAll(async () => {
      call = await LabCall.open(site);
      await call.observeCalm();
    }, 120_000);
    afterAll(() => call[Symbol.asyncDispose]());

    test.for(weathers)('$name: $criterion', { timeout: 90_000 }, async (row) => {
      check(await weather(call, row));
    });

    test.for(outages)('$name: $criterion', { timeout: 120_000 }, async (row) => {
      check(await endure(call, row, everyone));
    });
  });

  test(`${jitter.name}: ${jitter.criterion}`, { timeout: 90_000 }, async () => {
    await using clearing = new AsyncDisposableStack();
    for (const person of everyone) {
      clearing.use(await site.lab.roughen(person, RTC_PORT, jitter.weather));
    }
    const call = clearing.use(await LabCall.open(site));
    await call.untilHeard();
    check(await weather(call, jitter));
  });

  test.for(ways)('$name: $criterion', { timeout: 90_000 }, async (row) => {
    check(await begin(site, row));
  });
});
