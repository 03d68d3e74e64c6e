import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HearChoice } from '../../../../server/protocol/ids.ts';
import { demand } from '../../../../server/rooms/demand.ts';
import { englishEngine, publish, RoomStage, settled, tag } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

const languages = ['en', 'es', 'ca', 'de', 'fr'];

/** One thing that can happen; `who` picks among those present. */
const happening = fc.record({
  what: fc.constantFrom(
    ...(['join', 'join', 'leave', 'receive', 'send', 'send', 'unpublish', 'languages'] as const),
    ...(['workerDies', 'mediaDies', 'mediaStarts', 'wait'] as const),
  ),
  who: fc.nat(7),
  speak: fc.constantFrom(...languages),
  hear: fc.constantFrom('original', ...languages),
  hearOwn: fc.boolean(),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A room under random fire: requests run beside each other and beside deaths of all kinds. */
class Churn {
  readonly stage = new RoomStage();
  /** Who is present, and whether they hear themselves, which nobody else is told. */
  readonly guests = new Map<Guest, { hearOwn: boolean }>();
  readonly #pending: Promise<unknown>[] = [];
  #port = 5_000;

  async apply({ what, who, speak, hear, hearOwn }: Happening): Promise<void> {
    const guest = [...this.guests.keys()][who % Math.max(this.guests.size, 1)];
    switch (what) {
      case 'join':
        if (this.guests.size >= 6) break;
        this.guests.set(this.stage.join({ speak, hear, hearOwn }), { hearOwn });
        break;
      case 'leave':
        if (!guest) break;
        this.guests.delete(guest);
        guest.participation.leave();
        break;
      case 'receive':
        if (guest) this.#start(guest.participation.createTransport('recv'));
        break;
      case 'send':
        if (guest) this.#start(publish(guest));
        break;
      case 'unpublish':
        if (guest) this.#start(guest.participation.createTransport('send'));
        break;
      case 'languages':
        if (!guest) break;
        this.guests.set(guest, { hearOwn });
        guest.participation.setLanguages({
          speak: tag(speak),
          hear: HearChoice.parse(hear),
          hearOwn,
        });
        break;
      case 'workerDies':
        this.stage.sfu.loseRouters();
        break;
      case 'mediaDies':
        this.stage.media.die();
        this.stage.room.mediaChanged(this.stage.media);
        break;
      case 'mediaStarts':
        this.startMedia();
        break;
      case 'wait':
        await settled();
    }
  }

  startMedia(): void {
    if (this.stage.media.ports === undefined) {
      this.stage.media.start({ rtpPort: ++this.#port, voicePort: ++this.#port });
    }
    this.stage.room.mediaChanged(this.stage.media);
  }

  /** Lets everything under way end, then gives everyone a transport to receive on. */
  async calm(): Promise<void> {
    await Promise.allSettled(this.#pending);
    this.startMedia();
    for (const { participation } of this.guests.keys()) await participation.createTransport('recv');
    await settled();
  }

  /** May fail when its peer or its router goes meanwhile. */
  #start(request: Promise<unknown>): void {
    request.catch(() => undefined);
    this.#pending.push(request);
  }
}

/** What each should hear, computed from what the room tells a witness who receives nothing. */
function expected({ stage, guests }: Churn): ReadonlyMap<string, readonly string[]> {
  const witness = stage.join({ speak: 'fr' });
  witness.participation.leave();
  const ownHearers = new Map([...guests].map(([{ id }, { hearOwn }]) => [id, hearOwn]));
  const peers = witness.result.peers
    .filter(({ peerId }) => ownHearers.has(peerId))
    .map(({ peerId, speak, hear, microphone }) => ({
      ...{ peerId, speak, hear },
      hearOwn: ownHearers.get(peerId) === true,
      publishes: microphone !== 'none',
      receives: true,
    }));
  const { listeners } = demand(peers, englishEngine);
  return new Map(
    [...listeners].map(([peerId, tracks]) => {
      const names = tracks.flatMap(({ of, original, translation }) => [
        ...(original ? [String(of)] : []),
        ...(translation ? [`${of}>${translation}`] : []),
      ]);
      return [String(peerId), names.sort()];
    }),
  );
}

test('whatever happens in whatever order, the room ends as demand says and leaves nothing open', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 40 }), async (events) => {
      const churn = new Churn();
      const { sfu, media } = churn.stage;
      for (const event of events) await churn.apply(event);
      await churn.calm();
      const hears = expected(churn);
      await settled();

      for (const { id, outbox } of churn.guests.keys()) {
        expect(outbox.hears).toEqual(hears.get(id));
        for (const track of outbox.tracks.values()) {
          expect(sfu.isOpen(track.consumerId)).toBe(true);
          expect(sfu.isPaused(track.consumerId)).toBe(false);
        }
      }
      const tracks = [...churn.guests.keys()].map(({ outbox }) => outbox.tracks.size);
      expect(sfu.count('consumer')).toBe(tracks.reduce((sum, size) => sum + size, 0));
      expect(media.speakers.size).toBe(sfu.count('tap'));
      expect(media.listeners).toBe(sfu.count('tap'));
      const voices = media.speakers.values().flatMap(({ targets }) => targets);
      expect([...voices].filter(({ voice }) => voice).length).toBe(sfu.count('injector'));

      for (const { participation } of churn.guests.keys()) participation.leave();
      await settled();
      expect(sfu.openObjects).toBe(0);
      expect(media.speakers.size).toBe(0);
      expect(media.listeners).toBe(0);
    }),
    { numRuns: 500 },
  );
}, 60_000);
