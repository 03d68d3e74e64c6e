import { RequestError } from '../../errors.ts';
import type { Handlers } from '../session.ts';

/** Coming and going. */
export const joining: Handlers<'ping' | 'getRouterRtpCapabilities' | 'join' | 'leave'> = {
  ping() {
    return {};
  },

  getRouterRtpCapabilities({ rtpCapabilities }) {
    return { rtpCapabilities };
  },

  // At once: what is asked next, or the end of the socket, must find it done.
  join(session, request) {
    const { door, grant, token, outbox } = session;
    if (session.joined) return { ...session.participation.welcome(), session: token };
    const room = door.room(grant);
    const giveUp = room.knock(grant, request, outbox);
    if (giveUp) {
      session.wait(giveUp);
      throw new RequestError('waiting', 'a host has to let you in');
    }
    const { participation, result } = room.join(grant, request, outbox);
    session.enter(participation);
    return { ...result, session: token };
  },

  leave(session) {
    session.leave();
    return {};
  },
};
