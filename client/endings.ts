import type { Explanation } from './messages.ts';
import type { EndReason } from './state/stay.ts';

export interface Ending extends Explanation {
  /** The button that leads back into the same meeting, where there is a way. */
  readonly back?: string;
}

/** What a person reads when a call, or the wait for it, is over. */
export const endings: Readonly<Record<EndReason, Ending>> = {
  left: {
    title: 'You left the meeting',
    text: 'The others can go on without you.',
    back: 'Rejoin',
  },
  gone: {
    title: 'The meeting has ended',
    text: 'Nobody is in it any more. Start a new one to go on.',
  },
  full: {
    title: 'Your place is taken',
    text: 'The connection was lost, and meanwhile others have taken the last places. Rejoin when somebody has left.',
    back: 'Rejoin',
  },
  stopping: {
    title: 'The meeting has ended',
    text: 'The server was stopped and has not come back. Try to rejoin in a minute.',
    back: 'Rejoin',
  },
  lost: {
    title: 'The connection was lost',
    text: 'Parley tried to bring you back and could not. Check your internet connection, then rejoin.',
    back: 'Rejoin',
  },
  ended: {
    title: 'The host has ended the meeting',
    text: 'If you should meet again, the host opens it with the same link.',
  },
  removed: {
    title: 'The host has removed you',
    text: 'You are no longer in the meeting. To take part again, ask the host.',
  },
  refused: {
    title: 'The host did not let you in',
    text: 'If you think you are expected, tell them another way that you are here.',
  },
  unanswered: {
    title: 'Nobody has let you in yet',
    text: 'The host may not be there. Ask again, or tell them another way that you are here.',
    back: 'Ask again',
  },
  elsewhere: {
    title: 'The meeting goes on in another tab',
    text: 'You joined it there, so this page has let go of it.',
    back: 'Come back here',
  },
};
