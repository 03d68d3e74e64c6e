import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { Probes } from '../../../../server/sfu/probes.ts';
import { FakeSfu } from '../../../support/fake-sfu.ts';
import { settled } from '../../../support/room-stage.ts';

const ann = PeerId.parse('ann');
const relay = { urls: ['turn:relay.example'], username: 'ann', credential: 'secret' };

let sfu: FakeSfu;
let probes: Probes;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  sfu = new FakeSfu();
  probes = new Probes({
    sfu,
    iceServers: (peerId) => (peerId === ann ? [relay] : []),
    limits: { probes: 3, probesPerAddress: 2 },
  });
});
afterEach(() => vi.useRealTimers());

const from = (address: string) => probes.begin({ peerId: ann, address });
const refused = (code: string): unknown => expect.objectContaining({ code });

describe('a check of the way to the SFU', () => {
  test('gets a transport and the relays, and leaves nothing when it is over', async () => {
    const probe = await from('a');
    expect(probe.info.iceServers).toEqual([relay]);
    expect(sfu.isOpen(probe.info.id)).toBe(true);
    probe.close();
    probe.close();
    await settled();
    expect(sfu.openObjects).toBe(0);
    expect(probes.counts).toEqual({ opened: 1, refused: 0 });
  });

  test('is over by itself after 15 s', async () => {
    await from('a');
    vi.advanceTimersByTime(14_999);
    expect(probes.open).toBe(1);
    vi.advanceTimersByTime(1);
    await settled();
    expect([probes.open, sfu.openObjects]).toEqual([0, 0]);
  });

  test('is over when the browser ends it', async () => {
    const { info } = await from('a');
    sfu.closeByBrowser(info.id);
    await settled();
    expect([probes.open, sfu.openObjects]).toEqual([0, 0]);
  });

  test('shares its router with others, and the last one closes it', async () => {
    const [first, second] = await Promise.all([from('a'), from('b')]);
    expect(sfu.count('router')).toBe(1);
    first.close();
    expect(sfu.isOpen(second.info.id)).toBe(true);
    second.close();
    await settled();
    expect(sfu.openObjects).toBe(0);
  });

  test('is bounded by address and in all, and what is refused is counted', async () => {
    const first = await from('a');
    await from('a');
    await expect(from('a')).rejects.toEqual(refused('rateLimited'));
    await from('b');
    await expect(from('c')).rejects.toEqual(refused('unavailable'));
    expect(probes.counts).toEqual({ opened: 3, refused: 2 });
    first.close();
    await expect(from('c')).resolves.toBeDefined();
  });

  test('is possible again after the worker behind it has died', async () => {
    await from('a');
    sfu.loseRouters();
    const probe = await from('a');
    expect(sfu.isOpen(probe.info.id)).toBe(true);
  });

  test('holds no place when no worker is there', async () => {
    const createRouter = sfu.createRouter.bind(sfu);
    sfu.createRouter = () => Promise.reject(new Error('no worker'));
    await expect(from('a')).rejects.toThrow('no worker');
    expect(probes.open).toBe(0);
    sfu.createRouter = createRouter;
    await expect(from('a')).resolves.toBeDefined();
  });
});
