import { RequestError } from '../../errors.ts';
import type { Handlers } from '../session.ts';

/** Coming and going. */
export const joining: Handlers<'getRouterRtpCapabilities' | 'join' | 'leave'> = {
  getRouterRtpCapabilities({ rooms, rtpCapabilities }, { roomId }) {
    rooms.get(roomId);
    return { rtpCapabilities };
  },

  join(session, request) {
    if (session.joined) throw new RequestError('alreadyJoined', 'leave the meeting first');
    const room = session.rooms.enter(request.roomId);
    const { participation, result } = room.join(request, session.outbox);
    session.enter(participation);
    return result;
  },

  leave(session) {
    session.leave();
    return {};
  },
};
