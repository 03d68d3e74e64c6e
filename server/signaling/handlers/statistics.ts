import type { Handlers } from '../session.ts';

/** How the call a person is in fares. */
export const statistics: Handlers<'call:stats'> = {
  'call:stats'({ participation }) {
    return participation.stats();
  },
};
