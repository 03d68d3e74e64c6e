import { beforeEach, describe, expect, test } from 'vitest';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { RoomStage } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

let stage: RoomStage;
let host: Guest;
let luz: Guest;
let bob: Guest;

beforeEach(async () => {
  stage = new RoomStage();
  host = await stage.listener({ name: 'Ann', role: 'host' });
  luz = await stage.listener({ name: 'Luz' });
  bob = await stage.listener({ name: 'Bob' });
});

const raise = ({ participation }: Guest, raised = true) =>
  participation.expression.raiseHand(raised);
/** Who has a hand up, in order, as someone who joins now is told. */
const raised = (): readonly string[] =>
  stage
    .join()
    .result.peers.filter(({ hand }) => hand !== undefined)
    .sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0))
    .map(({ displayName }) => displayName);

describe('raised hands', () => {
  test('are seen by everyone, in the order in which they were raised', async () => {
    await raise(bob);
    await raise(luz);
    expect(raised()).toEqual(['Bob', 'Luz']);
    expect(host.outbox.last('peerUpdated')).toMatchObject({ displayName: 'Luz', hand: 2 });
  });

  test('keep their turn when raised again, and lose it when lowered', async () => {
    await raise(bob);
    await raise(luz);
    await raise(bob);
    expect(raised()).toEqual(['Bob', 'Luz']);
    await raise(bob, false);
    await raise(bob);
    expect(raised()).toEqual(['Luz', 'Bob']);
  });

  test('stay up while a connection is lost, and are gone with who leaves', async () => {
    await raise(bob);
    await raise(luz);
    bob.participation.lost(0);
    luz.participation.leave();
    expect(raised()).toEqual(['Bob']);
  });

  test('can be lowered by a host, one or all, and by no other guest', async () => {
    await raise(bob);
    await raise(luz);
    expect(() => bob.participation.hosting).toThrow('only a host');
    host.participation.hosting.lowerHand(PeerId.parse(bob.id));
    expect(raised()).toEqual(['Luz']);
    await raise(host);
    host.participation.hosting.lowerHand('all');
    expect(raised()).toEqual([]);
    expect(() => {
      host.participation.hosting.lowerHand(PeerId.parse('nobody'));
    }).toThrow('not in the meeting');
  });

  test('change nothing when they are down already', async () => {
    const before = host.outbox.all('peerUpdated').length;
    await raise(bob, false);
    host.participation.hosting.lowerHand('all');
    expect(host.outbox.all('peerUpdated')).toHaveLength(before);
  });
});

describe('a reaction', () => {
  test('is shown to everyone, the one who reacts included', async () => {
    await luz.participation.expression.react('applause');
    for (const { outbox } of [host, luz, bob]) {
      expect(outbox.all('reaction')).toEqual([{ peerId: luz.id, kind: 'applause' }]);
    }
  });

  test('is refused when there are too many of one person', async () => {
    for (let count = 0; count < 10; count += 1) await luz.participation.expression.react('wave');
    await expect(luz.participation.expression.react('wave')).rejects.toMatchObject({
      code: 'rateLimited',
    });
    await bob.participation.expression.react('wave');
    expect(host.outbox.all('reaction')).toHaveLength(11);
  });

  test('of someone who has left is refused', () => {
    luz.participation.leave();
    expect(() => luz.participation.expression).toThrow('left');
  });
});
