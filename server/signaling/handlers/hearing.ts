import type { Handlers } from '../session.ts';

/** How a person wants to hear others, and to be heard. */
export const hearing: Handlers<'translation:setOriginals' | 'speech:setGate'> = {
  'translation:setOriginals'({ participation }, { of }) {
    participation.setOriginals(of);
    return {};
  },

  'speech:setGate'({ participation }, { gateDb }) {
    participation.setGate(gateDb);
    return {};
  },
};
