import type { Handlers } from '../session.ts';

/** Trying the way to the SFU before joining. */
export const probing: Handlers<'probe'> = {
  probe(session) {
    return session.probe();
  },
};
