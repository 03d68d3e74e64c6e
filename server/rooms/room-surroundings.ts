import { Hosting } from './hosting.ts';
import type { HostedRoom } from './hosting.ts';
import { replaceScreen } from './one-screen.ts';
import type { Surroundings } from './participation.ts';
import type { RoomOptions } from './room-options.ts';
import type { RoomParts } from './room-parts.ts';

/** What only the room itself can do for the people in it. */
export type RoomActs = Pick<Surroundings, 'changed' | 'welcome' | 'lost' | 'leave'> &
  Pick<HostedRoom, 'end'>;

/** What the people in a room may ask of it, most of it from its parts. */
export function surroundingsOf(
  parts: RoomParts,
  { moderation, iceServers }: Pick<RoomOptions, 'moderation' | 'iceServers'>,
  acts: RoomActs,
): Surroundings & HostedRoom {
  const { arrangement, attendance, captions, news } = parts;
  const surroundings: Surroundings & HostedRoom = {
    ...parts,
    ...acts,
    moderation,
    router: (who) => arrangement.router(who),
    revoice: (who, preference) => {
      attendance.revoice(who, preference);
    },
    announce: (who) => {
      // What ends after they have left is no news of them.
      if (!who.closed) news.tell('peerUpdated', who.info);
    },
    trackPaused: (producerId, paused) => {
      news.paused(producerId, paused);
    },
    screenShared: (who) => {
      replaceScreen(who, parts);
    },
    stats: () => arrangement.stats(),
    record: (who) => captions.readable(who.id),
    iceServers: (who) => iceServers(who.id),
    hosting: (who) => new Hosting(who, surroundings),
    dismiss: (who, reason) => {
      who.line.hangUp(reason);
      acts.leave(who);
    },
  };
  return surroundings;
}
