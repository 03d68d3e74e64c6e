import { expect, vi } from 'vitest';
import type { JoinResult } from '../../server/protocol/requests.ts';
import { demand } from '../../server/rooms/demand.ts';
import { permitted } from '../../server/rooms/language-limits.ts';
import { GRACE_MS, MAX_PEERS } from './attack-call.ts';
import type { ServerLife } from './attack-call.ts';
import type { Person, World } from './attack-world.ts';
import { englishEngine } from './room-stage.ts';

/** What must hold at any moment. */
export function checkAlways(world: World): void {
  for (const { roomId } of world.rooms) {
    expect(world.server.rooms.find(roomId)?.size ?? 0).toBeLessThanOrEqual(MAX_PEERS);
  }
  expect(world.faults).toEqual([]);
  expect(world.people.flatMap(({ reader }) => reader.faults)).toEqual([]);
}

/** Lets everything end, then compares what pages know, what the server says, and what is open. */
export async function calm(world: World): Promise<void> {
  const { server } = world;
  server.startMedia();
  await world.quiet();
  for (const room of world.rooms) {
    const here = world.people.filter(
      (each) => each.room === room && each.inside && each.line?.open,
    );
    const views: { person: Person; view: JoinResult }[] = [];
    for (const person of here) {
      // What a lost socket may have swallowed is said again.
      world.tell(person, (line) =>
        line.request('translation:setLanguages', { hearOwn: person.choices.hearOwn }),
      );
    }
    await world.quiet();
    for (const person of here) {
      const known = structuredClone({
        peers: [...person.reader.peers.values()].sort(byId),
        tracks: [...person.reader.tracks.keys()].sort(),
        lines: new Map(person.reader.lines),
      });
      const asked = person.line?.join(person.wish);
      await world.quiet();
      const answer = await asked;
      if (answer?.ok !== true) throw new Error(`not welcome: ${JSON.stringify(answer)}`);
      const view = answer.data;
      expect(known.peers).toEqual([...view.peers].sort(byId));
      expect(known.tracks).toEqual([...view.media.consumers].sort());
      for (const { sequence, revision } of view.captions) {
        expect(known.lines.get(sequence)).toBe(revision);
      }
      views.push({ person, view });
    }
    for (const { view } of views) checkView(server, view, views[0]?.view ?? view);
    for (const { person, view } of views) checkHearing(server, person, view);
    expect(views.length).toBeLessThanOrEqual(server.rooms.find(room.roomId)?.size ?? 0);
  }
  expect(server.media.speakers.size).toBe(server.sfu.count('tap'));
  expect(server.media.listeners).toBe(server.sfu.count('tap'));
}

const byId = (a: { peerId: string }, b: { peerId: string }) => (a.peerId < b.peerId ? -1 : 1);

function checkView(server: ServerLife, view: JoinResult, first: JoinResult): void {
  expect([...view.peers].sort(byId)).toEqual([...first.peers].sort(byId));
  expect(new Set(view.peers.map(({ peerId }) => peerId)).size).toBe(view.peers.length);
  expect(new Set(view.peers.map(({ colour }) => colour)).size).toBe(view.peers.length);
  const self = view.peers.find(({ peerId }) => peerId === view.peerId);
  expect(self?.connection).toBe('here');
  const [producer] = view.media.producers;
  const state = producer === undefined ? 'none' : server.sfu.isPaused(producer) ? 'muted' : 'live';
  expect(self?.microphone).toBe(state);
  const { transports, producers, consumers } = view.media;
  for (const id of [...transports, ...producers, ...consumers]) {
    expect(server.sfu.isOpen(id)).toBe(true);
  }
}

function checkHearing(server: ServerLife, person: Person, view: JoinResult): void {
  const { send, recv } = person.transports;
  // The answer that told of a transport was lost, so the page does not know which way it goes.
  if (view.media.transports.some((id) => id !== send && id !== recv)) return;
  const receives = recv !== undefined && view.media.transports.includes(recv);
  const peers = view.peers.map(({ peerId, speak, hear, microphone }) => ({
    ...{ peerId, speak, hear, publishes: microphone !== 'none' },
    hearOwn: peerId === view.peerId && person.choices.hearOwn,
    receives: peerId === view.peerId && receives,
  }));
  const ability = permitted(englishEngine, peers, { ...view.policy.languages, most: null });
  const wanted = demand(peers, ability).listeners.get(view.peerId) ?? [];
  const names = wanted.flatMap(({ of: from, original, translation }) => [
    ...(original ? [String(from)] : []),
    ...(translation ? [`${from}>${translation}`] : []),
  ]);
  expect(person.reader.hears).toEqual(names.sort());
  for (const id of person.reader.tracks.keys()) expect(server.sfu.isPaused(id)).toBe(false);
}

/** All leave in their own way, and the grace time passes. */
export async function everybodyGoes(world: World): Promise<void> {
  for (const [i, line] of world.people.flatMap(({ lines }) => lines).entries()) {
    if (i % 3 === 0) line.hangUp();
    else if (i % 3 === 1) world.start(() => line.request('leave', {}));
    else world.start(() => line.cut());
  }
  await world.quiet();
  vi.advanceTimersByTime(GRACE_MS);
  await world.quiet();
  const { rooms, sfu, media } = world.server;
  expect([rooms.peers, rooms.waiting]).toEqual([0, 0]);
  expect([sfu.openObjects, media.speakers.size, media.listeners]).toEqual([0, 0, 0]);
  checkAlways(world);
}
