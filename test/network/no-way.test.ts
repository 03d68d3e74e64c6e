import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../support/lab/faults.ts';
import { Lab } from '../support/lab/lab.ts';
import { Participant } from '../support/lab/participant.ts';
import { Site } from '../support/lab/site.ts';

/** A firewall that lets out what pages need, and not to the relay. */
const onlyPages: Fault = { kind: 'only-tcp', port: 443 };
const noRelay: Fault = { kind: 'drop', protocol: 'tcp', towards: 'relay' };

/** In so long a person must have been told, counted from opening the link. */
const TOLD_WITHIN_MS = 15_000;

const missing = await Lab.missing();
const reason = missing === undefined ? '' : ` (left out: ${missing})`;

describe.skipIf(missing !== undefined)(`a call to which no way leads${reason}`, () => {
  const resources = new AsyncDisposableStack();
  let site: Site;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-secret-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const other = join(folder, 'secret');
    await writeFile(other, randomBytes(32).toString('hex'), { mode: 0o600 });
    // The server and the relay do not have the same secret: credentials are refused.
    site = resources.use(await Site.create({ PARLEY_TURN_SECRET_FILE: other }));
  }, 60_000);
  afterAll(() => resources.disposeAsync());

  test('because the relay refuses: it is said, in so many words, within fifteen seconds', async () => {
    await using ann = await enter({ relayOnly: true });
    await ann.page.getByText(/the relay did not let\s+you in/).waitFor({ timeout: patience(ann) });
  });

  test('because the network lets only the pages through: so is that', async () => {
    await using faults = new AsyncDisposableStack();
    for (const fault of [onlyPages, noRelay]) {
      faults.use(await site.lab.disturb('speaker', fault));
    }
    await using ann = await enter({ relayOnly: false });
    await ann.page
      .getByText(/lets neither UDP nor TCP out to this server/)
      .waitFor({ timeout: patience(ann) });
    expect(await ann.page.getByRole('button', { name: 'Leave', exact: true }).count()).toBe(1);
  });

  const enter = ({ relayOnly }: { relayOnly: boolean }) =>
    Participant.enter(
      site.browsers.of('speaker'),
      { url: site.server.url, relayOnly },
      { name: 'Ann', speak: 'en', hear: 'es' },
    );
});

const patience = ({ opened }: Participant): number => opened + TOLD_WITHIN_MS - Date.now();
