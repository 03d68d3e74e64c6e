import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../support/lab/faults.ts';
import { Lab } from '../support/lab/lab.ts';
import { Site } from '../support/lab/site.ts';

const onlyPages: Fault = { kind: 'only-tcp', port: 443 };
const noUdp: Fault = { kind: 'drop', protocol: 'udp' };
const noRelay: Fault = { kind: 'drop', protocol: 'tcp', towards: 'relay' };

/** Nobody waits longer than this before they join. */
const TOLD_WITHIN_MS = 12_000;

const missing = await Lab.missing();
const reason = missing === undefined ? '' : ` (left out: ${missing})`;

describe.skipIf(missing !== undefined)(`the way to the server, before joining${reason}`, () => {
  const resources = new AsyncDisposableStack();
  let site: Site;

  beforeAll(async () => {
    site = resources.use(await Site.create());
  }, 60_000);
  afterAll(() => resources.disposeAsync());

  test.each<[string, readonly Fault[], RegExp]>([
    ['an open network', [], /^Good connection: direct, \d+ ms\.$/],
    ['one without UDP', [noUdp], /^Usable connection: direct, but over TCP only, \d+ ms\.$/],
    [
      'one that lets only HTTPS out',
      [onlyPages],
      /^Only through a relay \(TURN over TLS\), \d+ ms\.$/,
    ],
    ['one that lets only the pages through', [onlyPages, noRelay], /^No sound gets through/],
  ])('is told of %s', async (_, faults, told) => {
    await using disturbed = new AsyncDisposableStack();
    for (const fault of faults) disturbed.use(await site.lab.disturb('speaker', fault));
    const context = await site.browsers.of('speaker').newContext({ ignoreHTTPSErrors: true });
    disturbed.defer(() => context.close());
    const page = await context.newPage();
    await page.goto(site.server.url);
    await page.getByRole('button', { name: 'New meeting', exact: true }).click();
    const check = page.getByRole('status', { name: 'Connection check' });
    await expect.poll(() => check.innerText(), { timeout: TOLD_WITHIN_MS }).toMatch(told);
  });
});
