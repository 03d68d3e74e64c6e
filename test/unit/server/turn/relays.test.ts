import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaults } from '../../../../config/defaults.ts';
import { StartError } from '../../../../server/errors.ts';
import type { TurnOptions } from '../../../../server/options.ts';
import { turnCredentials } from '../../../../server/turn/credentials.ts';
import { findLaunch } from '../../../../server/turn/launch.ts';
import { Relays } from '../../../../server/turn/relays.ts';
import type { RelaysOptions } from '../../../../server/turn/relays.ts';
import { relayUrls } from '../../../../server/turn/urls.ts';
import { silent } from '../../../support/room-stage.ts';

const NOW = 1_700_000_000_000;
const SECRET = 'north-star-north-star-north-star';
const URLS = ['turn:relay.example:3478?transport=udp', 'turns:relay.example:443?transport=tcp'];

let folder: string;
let secretFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relays-test-'));
  secretFile = join(folder, 'turn-secret');
  await writeFile(secretFile, `${SECRET}\n`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('relays on other machines', () => {
  test('none are told of when there are none', async () => {
    const relays = await create({});
    expect(relays.iceServers('ana', NOW)).toEqual([]);
    expect(relays.restarts).toBe(0);
    await relays.close();
  });

  test('each participant gets their addresses, and credentials of their own', async () => {
    const relays = await create({ urls: URLS, secretFile });
    const credentials = turnCredentials({
      secret: SECRET,
      peerId: 'ana',
      now: NOW,
      ttlMs: defaults.server.turn.ttlMs,
    });
    expect(relays.iceServers('ana', NOW)).toEqual([{ urls: URLS, ...credentials }]);
    expect(relays.iceServers('bo', NOW)).not.toEqual(relays.iceServers('ana', NOW));
  });

  test('without a secret the server does not start', async () => {
    await expect(create({ urls: URLS })).rejects.toThrow(/PARLEY_TURN_SECRET_FILE/);
  });

  test('with a secret file that is not there the server does not start', async () => {
    const starting = create({ urls: URLS, secretFile: join(folder, 'nowhere') });
    await expect(starting).rejects.toThrow(StartError);
    await expect(starting).rejects.toThrow(/cannot be read from .*nowhere.*openssl rand/);
  });

  test.each([
    ['empty', '\n'],
    ['short', 'x'.repeat(31)],
    ['long', 'x'.repeat(501)],
    ['of two lines, the second a rule for coturn', `${SECRET}\nallow-loopback-peers`],
    ['quoted, which coturn would undo', `"${SECRET}"`],
  ])('with a secret that is %s the server does not start', async (_, text) => {
    await writeFile(secretFile, text);
    const starting = create({ urls: URLS, secretFile });
    await expect(starting).rejects.toThrow(StartError);
    await expect(starting).rejects.toThrow(/does not hold a secret/);
    await expect(starting).rejects.not.toThrow(SECRET);
  });
});

describe('the relay beside the server', () => {
  test('is of no use on loopback, and says what to set', async () => {
    const wanted =
      '--turn needs an address others can reach: set PARLEY_HOST and PARLEY_ANNOUNCED_ADDRESS.';
    const embedded = true;
    await expect(create({ embedded })).rejects.toThrow(new StartError(wanted));
    await expect(create({ embedded }, [])).rejects.toThrow(wanted);
    await expect(create({ embedded }, ['localhost'])).rejects.toThrow(wanted);
  });

  test('needs ports to relay from', async () => {
    const starting = create({ embedded: true, minPort: 50_001, maxPort: 50_000 }, ['192.0.2.1']);
    await expect(starting).rejects.toThrow(/PARLEY_TURN_MIN_PORT is 50001/);
  });

  test('needs a key that goes with its certificate', async () => {
    const certFile = join(folder, 'cert.pem');
    await writeFile(certFile, 'not a certificate');
    const starting = create({ embedded: true, certFile, keyFile: secretFile }, ['192.0.2.1']);
    await expect(starting).rejects.toThrow(StartError);
    await expect(starting).rejects.toThrow(/PARLEY_TURN_CERT_FILE .* must be a certificate/);
  });

  test('says how to install it where it is not', async () => {
    vi.stubEnv('PATH', folder);
    await expect(findLaunch()).rejects.toThrow(/not installed.*npm start -- --turn/);
  });

  test('is announced with brackets around an IPv6 address', () => {
    expect(relayUrls('fd77::1', 3478, 443)).toEqual([
      'turn:[fd77::1]:3478?transport=udp',
      'turn:[fd77::1]:3478?transport=tcp',
      'turns:[fd77::1]:443?transport=tcp',
    ]);
  });

  test('is not announced for TLS when there is no certificate', () => {
    expect(relayUrls('relay.example', 3478)).toEqual([
      'turn:relay.example:3478?transport=udp',
      'turn:relay.example:3478?transport=tcp',
    ]);
  });
});

async function create(
  turn: Partial<TurnOptions>,
  announcedAddresses: RelaysOptions['announcedAddresses'] = ['127.0.0.1'],
): Promise<Relays> {
  const options = { ...defaults.server.turn, ...turn };
  return Relays.create({ options, host: 'localhost', announcedAddresses, log: silent });
}
