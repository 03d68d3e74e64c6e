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
    const { participation, result } = door.room(grant).join(grant, request, outbox);
    session.enter(participation);
    return { ...result, session: token };
  },

  leave(session) {
    session.leave();
    return {};
  },
};
