import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { developmentCertificate } from '../../certs/development.ts';
import { defaults } from '../../config/defaults.ts';
import { turnCredentials } from '../../server/turn/credentials.ts';
import { eventually } from '../support/eventually.ts';
import { alive } from '../support/processes.ts';
import type { TurnEndpoint, TurnLogin, TurnTransport } from '../support/turn-probe.ts';
import { TurnStage, missingForTurnStage } from '../support/turn-stage.ts';
import type { TurnStageOptions } from '../support/turn-stage-messages.ts';

const SERVER = '10.77.0.1';
const SERVER_V6 = 'fd77::1';
const TTL_MS = 300_000;
const turn = { ...defaults.server.turn, embedded: true, ttlMs: TTL_MS };

const FORBIDDEN: Readonly<Record<4 | 6, readonly string[]>> = {
  4: [
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.77.0.2',
    '10.0.0.1',
    '169.254.169.254',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '8.8.8.8',
  ],
  6: [
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.77.0.1',
    '::ffff:10.77.0.2',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fd77::2',
    'ff02::1',
    '2001:4860:4860::8888',
  ],
};

const missing = missingForTurnStage();
if (missing !== undefined)
  test.skip(`the relay is not tried out: this needs ${missing}`, () => undefined);

describe.skipIf(missing !== undefined)('the relay beside the server', () => {
  let folder: string;
  let options: TurnStageOptions;
  let stage: TurnStage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'turn-test-'));
    options = {
      addresses: [`${SERVER}/24`, `${SERVER_V6}/64`],
      host: '::',
      announcedAddresses: [SERVER, SERVER_V6],
      turn,
      tls: await developmentCertificate(folder, [SERVER]),
    };
    stage = await TurnStage.open(options);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
    await stage.close();
  });

  async function login(peerId: string): Promise<TurnLogin> {
    const [server] = await stage.iceServers(peerId, Date.now());
    if (server === undefined) throw new Error('there is no relay');
    return server;
  }

  test('browsers are told every way to it', async () => {
    const [server] = await stage.iceServers('ana', 0);
    expect(server?.urls).toEqual([
      'turn:10.77.0.1:3478?transport=udp',
      'turn:10.77.0.1:3478?transport=tcp',
      'turns:10.77.0.1:5349?transport=tcp',
    ]);
    expect(server?.username).toBe('300:ana');
  });

  describe.each<[TurnTransport, number]>([
    ['udp', turn.port],
    ['tcp', turn.port],
    ['tls', turn.tlsPort],
  ])('over %s', (transport, port) => {
    describe.each<[string, TurnEndpoint]>([
      ['IPv4', { transport, port, address: SERVER }],
      ['IPv6', { transport, port, address: SERVER_V6 }],
    ])('and %s', (_, endpoint) => {
      test.each([4, 6] as const)(
        'relays from an IPv%i address to the media server and to nobody else',
        async (family) => {
          const peer = family === 4 ? SERVER : SERVER_V6;
          const outcome = await stage.probe({
            endpoint,
            login: await login(`ana-${transport}-${family}`),
            family,
            peers: [peer, ...FORBIDDEN[family]],
            echo: { peer, text: 'hello' },
          });
          expect(outcome).toEqual({
            allocate: 0,
            peers: { [peer]: 0, ...Object.fromEntries(FORBIDDEN[family].map((at) => [at, 403])) },
            echoed: 'hello',
            release: 0,
          });
        },
      );
    });

    const endpoint: TurnEndpoint = { transport, port, address: SERVER };
    const probe = async (as?: TurnLogin) =>
      stage.probe({ endpoint, ...(as && { login: as }), family: 4, peers: [SERVER] });

    test('lets nobody in without credentials', async () => {
      expect(await probe()).toEqual({ allocate: 401, peers: {} });
    });

    test('lets nobody in with forged credentials', async () => {
      const forged = turnCredentials({
        secret: 'not the secret',
        peerId: 'eve',
        now: Date.now(),
        ttlMs: TTL_MS,
      });
      expect(await probe(forged)).toEqual({ allocate: 401, peers: {} });
    });

    test('lets nobody in with credentials made to last longer', async () => {
      const { credential } = await login('eve');
      const later = `${Math.ceil(Date.now() / 1_000) + 86_400}:eve`;
      expect(await probe({ username: later, credential })).toEqual({ allocate: 401, peers: {} });
    });

    test('lets nobody in with expired credentials', async () => {
      const [expired] = await stage.iceServers('ana', Date.now() - TTL_MS - 5_000);
      expect(await probe(expired)).toEqual({ allocate: 401, peers: {} });
    });
  });

  test('one participant cannot use up the ports of all', async () => {
    const endpoint: TurnEndpoint = { transport: 'udp', port: turn.port, address: SERVER };
    const codes = await stage.flood({ endpoint, login: await login('eve'), allocations: 30 });
    expect(codes.filter((code) => code === 0)).toHaveLength(24);
    expect(codes.slice(24)).toEqual(new Array(6).fill(486));
    const other = await stage.probe({ endpoint, login: await login('ana'), family: 4, peers: [] });
    expect(other.allocate).toBe(0);
  });

  test('leaves neither the secret on the disk nor participants in the log', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('parley-turn-'))).toEqual([]);
    expect(stage.log).not.toMatch(/ana|eve|8\.8\.8\.8|10\.77/);
  });

  test('comes back when it is killed', async () => {
    const [first] = stage.turnservers();
    if (first === undefined) throw new Error('no relay runs');
    process.kill(first, 'SIGKILL');
    await eventually(() => stage.turnservers().some((pid) => pid !== first));
    await expect.poll(async () => stage.answers(SERVER, turn.port)).toBe(true);
    const endpoint: TurnEndpoint = { transport: 'udp', port: turn.port, address: SERVER };
    const outcome = await stage.probe({
      endpoint,
      login: await login('ana'),
      family: 4,
      peers: [SERVER],
    });
    expect(outcome).toEqual({ allocate: 0, peers: { [SERVER]: 0 }, release: 0 });
    expect(await stage.restarts()).toBe(1);
  });

  test('ends with the server', async () => {
    const other = await TurnStage.open(options);
    const pids = other.turnservers();
    expect(pids).toHaveLength(1);
    await other.close();
    expect(pids.some(alive)).toBe(false);
  });

  test('does not outlive a server that is killed', async () => {
    const other = await TurnStage.open(options);
    const pids = other.turnservers();
    expect(pids).toHaveLength(1);
    await other.crash();
    await eventually(() => !pids.some(alive));
  });
});
