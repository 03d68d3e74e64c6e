import type { Handlers } from '../session.ts';

/** Coming and going. */
export const joining: Handlers<'getRouterRtpCapabilities' | 'join' | 'leave'> = {
  getRouterRtpCapabilities({ rtpCapabilities }) {
    return { rtpCapabilities };
  },

  async join(session, request) {
    const { door, grant, outbox } = session;
    const token = await door.session(grant);
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
