import { beforeEach, describe, expect, test, vi } from 'vitest';
import { RequestError } from '../../../../server/errors.ts';
import { PeerId } from '../../../../server/protocol/ids.ts';
import type { LanguageTag } from '../../../../server/protocol/ids.ts';
import { opusParameters } from '../../../support/fake-sfu.ts';
import { publish, RoomStage, settled, tag } from '../../../support/room-stage.ts';
import type { Guest, GuestChoices } from '../../../support/room-stage.ts';

let stage: RoomStage;
let host: Guest;
let luz: Guest;

beforeEach(async () => {
  stage = new RoomStage();
  host = await stage.speaker({ name: 'Ann', role: 'host' });
  luz = await stage.speaker({ name: 'Luz', hear: 'es' });
});

const idOf = ({ id }: Pick<Guest, 'id'>) => PeerId.parse(id);
const hosting = ({ participation }: Guest) => participation.hosting;
/** With which code it is refused; undefined when it is not. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof RequestError ? error.code : String(error);
  }
}

describe('only a host', () => {
  test('hosts; a guest is refused', () => {
    expect(codeOf(() => hosting(luz))).toBe('forbidden');
  });

  test('is seen by everyone as the host', () => {
    expect(luz.result.peers.map(({ displayName, role }) => [displayName, role])).toEqual([
      ['Ann', 'host'],
      ['Luz', 'guest'],
    ]);
  });
});

describe('a locked meeting', () => {
  beforeEach(() => {
    hosting(host).decide({ locked: true });
  });

  test('takes nobody new, and everyone is told that it is locked', () => {
    expect(luz.outbox.last('room:policy')).toMatchObject({ locked: true });
    expect(codeOf(() => stage.join({ as: 'eve' }))).toBe('roomLocked');
    expect(stage.room.entry('guest')).toBe('locked');
  });

  test('takes back who was in, and lets a host in', () => {
    luz.participation.leave();
    expect(stage.join({ as: luz.id, returning: true }).id).toBe(luz.id);
    expect(stage.join({ as: 'second', role: 'host' }).result.policy.locked).toBe(true);
  });

  test('keeps the place of someone whose connection is lost', () => {
    luz.participation.lost(0);
    expect(stage.join({ as: luz.id }).result.peers).toHaveLength(2);
  });

  test('takes newcomers again when it is unlocked', () => {
    hosting(host).decide({ locked: false });
    expect(stage.join({ as: 'eve' }).id).toBe('eve');
  });
});

describe('the lobby', () => {
  const eve: GuestChoices & { as: string } = { as: 'eve', name: 'Eve', speak: 'de' };

  beforeEach(() => {
    hosting(host).decide({ lobby: true });
  });

  test('holds newcomers until a host lets them in; only hosts see who waits', () => {
    const { outbox, giveUp } = stage.knock(eve);
    expect(giveUp).toBeDefined();
    expect(codeOf(() => stage.join(eve))).toBe('waiting');
    expect(host.outbox.last('lobby:waiting')).toEqual({
      waiting: [{ peerId: 'eve', displayName: 'Eve', speak: 'de' }],
    });
    expect(luz.outbox.all('lobby:waiting')).toEqual([]);

    hosting(host).admit(PeerId.parse('eve'));
    expect(outbox.all('lobby:admitted')).toHaveLength(1);
    expect(stage.knock(eve).giveUp).toBeUndefined();
    expect(stage.join(eve).id).toBe('eve');
    expect(host.outbox.last('lobby:waiting')).toEqual({ waiting: [] });
  });

  test('who is refused is told and hung up on', () => {
    const { outbox } = stage.knock(eve);
    hosting(host).refuse(PeerId.parse('eve'));
    expect(outbox.last('closing')).toEqual({ reason: 'refused' });
    expect(outbox.closed).toBe(true);
    expect(codeOf(() => stage.join(eve))).toBe('waiting');
  });

  test('lets all in at once, and by being turned off', () => {
    const pages = ['eve', 'kim'].map((as) => stage.knock({ as }).outbox);
    hosting(host).admit('all');
    expect(pages.map((page) => page.all('lobby:admitted').length)).toEqual([1, 1]);
    const { outbox } = stage.knock({ as: 'bob' });
    hosting(host).decide({ lobby: false });
    expect(outbox.all('lobby:admitted')).toHaveLength(1);
    expect(stage.join({ as: 'bob' }).id).toBe('bob');
  });

  test('takes a bounded number; who knocks again at a new page keeps the place', () => {
    const first = stage.knock({ as: 'p0' });
    for (const as of ['p1', 'p2']) stage.knock({ as });
    expect(codeOf(() => stage.knock({ as: 'p3' }))).toBe('lobbyFull');
    const again = stage.knock({ as: 'p0' });
    expect(first.outbox.last('closing')).toEqual({ reason: 'elsewhere' });
    first.giveUp?.();
    expect(stage.room.waiting).toBe(3);
    again.giveUp?.();
    expect(stage.room.waiting).toBe(2);
  });

  test('admitting someone who does not wait is refused', () => {
    expect(
      codeOf(() => {
        hosting(host).admit(idOf(luz));
      }),
    ).toBe('notFound');
  });

  test('a full meeting says so instead of letting people wait', () => {
    const small = new RoomStage({ maxPeers: 1 });
    hosting(small.join({ role: 'host' })).decide({ lobby: true });
    expect(codeOf(() => small.knock({ as: 'eve' }))).toBe('roomFull');
  });

  test('who comes later as a host sees who waits, and who hands over sees it no more', () => {
    stage.knock(eve);
    expect(stage.join({ as: 'second', role: 'host' }).result.waiting).toHaveLength(1);
    expect(luz.result.waiting).toBeUndefined();
    hosting(host).handOver(idOf(luz));
    expect(luz.outbox.last('lobby:waiting')).toMatchObject({ waiting: [{ peerId: 'eve' }] });
  });

  test('nobody waits for ever', () => {
    vi.useFakeTimers();
    try {
      const { outbox } = stage.knock(eve);
      vi.advanceTimersByTime(60_000);
      expect(outbox.last('closing')).toEqual({ reason: 'unanswered' });
      const admitted = stage.knock(eve);
      hosting(host).admit('all');
      vi.advanceTimersByTime(30_000);
      expect(admitted.outbox.closed).toBe(true);
      expect(codeOf(() => stage.join(eve))).toBe('waiting');
    } finally {
      vi.useRealTimers();
    }
  });

  test('whoever waits is told when the server stops', () => {
    const { outbox } = stage.knock(eve);
    stage.room.close();
    expect(outbox.last('closing')).toEqual({ reason: 'serverStopping' });
  });
});

describe('muting', () => {
  test('one person: they are told, everyone sees it, and no packet goes on', async () => {
    const [microphone] = luz.result.media.producers;
    await hosting(host).mute(idOf(luz));
    expect(luz.outbox.all('mutedByHost')).toHaveLength(1);
    expect(host.outbox.last('peerUpdated')).toMatchObject({ peerId: luz.id, microphone: 'muted' });
    expect(host.outbox.all('consumerPaused').length).toBeGreaterThan(0);
    expect(microphone === undefined || stage.sfu.isPaused(microphone)).toBe(true);
  });

  test('the muted unmute themselves', async () => {
    const producerId = await publish(luz);
    await hosting(host).mute(idOf(luz));
    expect(stage.sfu.isPaused(producerId)).toBe(true);
    await luz.participation.setProducerPaused(producerId, false);
    expect(stage.sfu.isPaused(producerId)).toBe(false);
    expect(stage.join({ as: luz.id }).outbox.all('mutedByHost')).toEqual([]);
  });

  test('takes the microphone, and not the sound of a tab that is shared', async () => {
    const { id } = await luz.participation.createTransport('send');
    const [microphone, tab] = await Promise.all(
      (['microphone', 'tab'] as const).map((source) =>
        luz.participation.produce({
          ...{ transportId: id, kind: 'audio', source, rtpParameters: opusParameters },
        }),
      ),
    );
    await hosting(host).mute(idOf(luz));
    expect([microphone, tab].map((each) => each && stage.sfu.isPaused(each))).toEqual([
      true,
      false,
    ]);
  });

  test('all: everyone but the host who asks', async () => {
    const kim = await stage.speaker({ name: 'Kim' });
    await hosting(host).mute('all');
    await settled();
    const heard = stage.join({ as: 'later' }).result.peers;
    expect(heard.slice(0, 3).map(({ microphone }) => microphone)).toEqual([
      'live',
      'muted',
      'muted',
    ]);
    expect(kim.outbox.all('mutedByHost')).toHaveLength(1);
    expect(host.outbox.all('mutedByHost')).toEqual([]);
  });

  test('someone who is away hears of it when they come back, before they send again', async () => {
    luz.participation.lost(0);
    await hosting(host).mute(idOf(luz));
    expect(stage.join({ as: luz.id }).outbox.all('mutedByHost')).toHaveLength(1);
  });

  test('who is muted already, or sends nothing, is not told', async () => {
    const quiet = stage.join({ as: 'quiet' });
    await hosting(host).mute('all');
    await hosting(host).mute('all');
    expect(luz.outbox.all('mutedByHost')).toHaveLength(1);
    expect(quiet.outbox.all('mutedByHost')).toEqual([]);
    await expect(hosting(host).mute(PeerId.parse('nobody'))).rejects.toMatchObject({
      code: 'notFound',
    });
  });
});

describe('removing', () => {
  test('someone is told why, is gone for the others, and does not come back', async () => {
    hosting(host).remove(idOf(luz));
    expect(luz.outbox.last('closing')).toEqual({ reason: 'removed' });
    expect(luz.outbox.closed).toBe(true);
    expect(host.outbox.last('peerClosed')).toEqual({ peerId: luz.id });
    for (const returning of [true, false]) {
      expect(codeOf(() => stage.join({ as: luz.id, returning }))).toBe('removed');
    }
    await settled();
    expect(stage.media.speakers.size).toBe(0);
  });

  test('nothing is told any more to who was removed, whatever they ask', async () => {
    hosting(host).remove(idOf(luz));
    expect(codeOf(() => luz.participation.welcome())).toBe('notJoined');
    await expect(luz.participation.createTransport('recv')).rejects.toMatchObject({
      code: 'notJoined',
    });
  });

  test('oneself is not possible, nor someone who is not here', () => {
    expect(
      codeOf(() => {
        hosting(host).remove(idOf(host));
      }),
    ).toBe('badRequest');
    expect(
      codeOf(() => {
        hosting(host).remove(PeerId.parse('nobody'));
      }),
    ).toBe('notFound');
  });

  test('another host loses what they were allowed', () => {
    const second = stage.join({ as: 'second', role: 'host' });
    hosting(host).remove(idOf(second));
    expect(codeOf(() => hosting(second))).toBe('notJoined');
    expect(codeOf(() => stage.join({ as: 'second', role: 'host', returning: true }))).toBe(
      'removed',
    );
  });
});

describe('handing over', () => {
  beforeEach(() => {
    hosting(host).handOver(idOf(luz));
  });

  test('makes the other the host and oneself a guest, and everyone sees it', () => {
    expect(hosting(luz)).toBeDefined();
    expect(codeOf(() => hosting(host))).toBe('forbidden');
    const roles = stage.join({ as: 'later' }).result.peers.map(({ role }) => role);
    expect(roles).toEqual(['guest', 'host', 'guest']);
    expect(host.outbox.all('peerUpdated').slice(-2)).toMatchObject([
      { peerId: luz.id, role: 'host' },
      { peerId: host.id, role: 'guest' },
    ]);
  });

  test('holds when both leave and come back with what they were given at first', () => {
    luz.participation.leave();
    host.participation.leave();
    const roles = [
      stage.join({ as: host.id, role: 'host', returning: true }).result.role,
      stage.join({ as: luz.id, role: 'guest', returning: true }).result.role,
    ];
    expect(roles).toEqual(['guest', 'host']);
  });

  test('whoever comes with the host’s link is host all the same', () => {
    expect(stage.join({ as: 'by link', role: 'host' }).result.role).toBe('host');
  });
});

describe('ending', () => {
  test('tells everyone, those who wait too, and closes all media', async () => {
    hosting(host).decide({ lobby: true });
    const { outbox } = stage.knock({ as: 'eve' });
    hosting(host).end();
    for (const page of [host.outbox, luz.outbox, outbox]) {
      expect(page.last('closing')).toEqual({ reason: 'ended' });
      expect(page.closed).toBe(true);
    }
    await settled();
    expect([stage.sfu.openObjects, stage.media.speakers.size]).toEqual([0, 0]);
    expect(stage.ended).toBe(1);
    expect(codeOf(() => stage.room.entry('guest'))).toBe('roomEnded');
  });
});

describe('languages', () => {
  const tags = (...languages: string[]): LanguageTag[] => languages.map(tag);

  test('one that is off is not translated into, and who wanted it is told why', async () => {
    expect(luz.outbox.hears).toContain(`${host.id}>es`);
    hosting(host).decide({ languages: { allowed: tags('ca'), most: null } });
    await settled();
    expect(luz.outbox.hears).toEqual([host.id]);
    expect(luz.outbox.last('translation:state')).toEqual({
      ...{ peerId: host.id, language: 'es', state: 'unavailable', limited: true },
    });
    hosting(host).decide({ languages: { allowed: null, most: null } });
    await settled();
    expect(luz.outbox.hears).toContain(`${host.id}>es`);
  });

  test('of more than so many at once those of whoever was here first are translated', async () => {
    const kim = await stage.listener({ name: 'Kim', hear: 'ca' });
    hosting(host).decide({ languages: { allowed: null, most: 1 } });
    await settled();
    expect(luz.outbox.hears).toContain(`${host.id}>es`);
    expect(kim.outbox.hears).not.toContain(`${host.id}>ca`);
    luz.participation.leave();
    await settled();
    expect(kim.outbox.hears).toContain(`${host.id}>ca`);
  });
});
