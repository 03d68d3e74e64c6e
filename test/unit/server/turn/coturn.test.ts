import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { StartError } from '../../../../server/errors.ts';
import { Coturn } from '../../../../server/turn/coturn.ts';
import type { TurnserverOptions } from '../../../../server/turn/turnserver.ts';
import { eventually } from '../../../support/eventually.ts';
import { alive, descendants } from '../../../support/processes.ts';

const FAKE = join(import.meta.dirname, 'fake-turnserver.mjs');
const SECRET = 'the-secret-of-the-relay-and-of-nobody-else';
const Notes = z.object({
  config: z.string(),
  text: z.string(),
  permissions: z.string(),
  argv: z.array(z.string()),
});

let folder: string;
let logged: string[];
let coturn: Coturn | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coturn-test-'));
  logged = [];
  coturn = undefined;
});

afterEach(async () => {
  await coturn?.close();
  await rm(folder, { recursive: true });
});

describe('a relay that is kept running', () => {
  test('finds its secret in a file that is its own, and that is gone once it runs', async () => {
    coturn = await Coturn.create(await options());
    const notes = Notes.parse(JSON.parse(readFileSync(notesFile(), 'utf8')));
    expect(notes.text).toContain(`static-auth-secret=${SECRET}\n`);
    expect(notes.permissions).toBe('600');
    expect(notes.argv.join(' ')).not.toContain(SECRET);
    expect(existsSync(notes.config)).toBe(false);
  });

  test('is started again when it ends, after growing delays', async () => {
    coturn = await Coturn.create(await options());
    const killed: number[] = [];
    for (let round = 1; round <= 2; round++) {
      await eventually(() => running().some((pid) => !killed.includes(pid)));
      const pid = running().find((each) => !killed.includes(each)) ?? 0;
      process.kill(pid, 'SIGKILL');
      killed.push(pid);
      await eventually(() => coturn?.restarts === round);
    }
    await eventually(() => running().some((pid) => !killed.includes(pid)));
    expect(delays()).toEqual([250, 500]);
  });

  test('is gone once it is closed, however often that is asked', async () => {
    coturn = await Coturn.create(await options());
    const pids = running();
    await Promise.all([coturn.close(), coturn.close()]);
    await coturn.close();
    expect(pids).toHaveLength(1);
    expect(pids.some(alive)).toBe(false);
    expect(coturn.restarts).toBe(0);
  });

  test('is not started again when closed while it waits to be', async () => {
    coturn = await Coturn.create(await options());
    for (const pid of running()) process.kill(pid, 'SIGKILL');
    await eventually(() => coturn?.restarts === 1);
    await coturn.close();
    expect(running()).toEqual([]);
  });

  test('is ended by force when it does not listen', async () => {
    coturn = await Coturn.create(await options('deaf'));
    const pids = running();
    await coturn.close();
    expect(pids.some(alive)).toBe(false);
    expect(logged.join('')).toContain('ended by force');
  });

  test('is heard once about each thing, and never about a participant', async () => {
    coturn = await Coturn.create(await options());
    expect(logged.filter((line) => line.includes('the weather is bad at #'))).toHaveLength(1);
    expect(logged.join('')).not.toMatch(/ana|10\.1\.2\.3/);
  });
});

describe('a relay that cannot run', () => {
  test('says so, and leaves nothing behind', async () => {
    const starting = Coturn.create(await options('broken'));
    await expect(starting).rejects.toThrow(StartError);
    await expect(starting).rejects.toThrow(/does not start: .*\(255\)/);
    expect(running()).toEqual([]);
  });

  test('says which setting to change when its UDP port is taken', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    await once(other, 'listening');
    const starting = Coturn.create({ ...(await options()), port: other.address().port });
    await expect(starting).rejects.toThrow(/UDP port \d+.* already in use.*PARLEY_TURN_PORT/);
    other.close();
  });

  test('says which setting to change when its TLS port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const tls = { port, cert: '', key: '' };
    const starting = Coturn.create({ ...(await options()), tls });
    await expect(starting).rejects.toThrow(/TCP port \d+.* already in use.*PARLEY_TURN_TLS_PORT/);
    other.close();
  });

  test('says which setting to change when the address is not of this machine', async () => {
    const starting = Coturn.create({ ...(await options()), listenAddresses: ['192.0.2.1'] });
    await expect(starting).rejects.toThrow(/no address 192\.0\.2\.1.*PARLEY_HOST/);
  });
});

async function options(mode = 'obedient'): Promise<TurnserverOptions> {
  return {
    listenAddresses: ['127.0.0.1'],
    peerAddresses: ['127.0.0.1'],
    port: await freePort(),
    secret: SECRET,
    minPort: 49_160,
    maxPort: 49_400,
    tls: undefined,
    launch: {
      program: 'setpriv',
      args: ['--pdeathsig=KILL', process.execPath, FAKE, mode, notesFile()],
      uid: undefined,
    },
    log: pino({ level: 'info' }, { write: (line: string) => logged.push(line) }),
  };
}

function notesFile(): string {
  return join(folder, 'notes.json');
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

function running(): readonly number[] {
  return descendants(process.pid)
    .filter(({ command }) => command.includes(notesFile()))
    .map(({ pid }) => pid);
}

/** How long it was waited before each start after the first. */
function delays(): readonly number[] {
  const Delay = z.object({ delayMs: z.number() });
  return logged.flatMap((line) => {
    const { data } = Delay.safeParse(JSON.parse(line));
    return data ? [data.delayMs] : [];
  });
}
