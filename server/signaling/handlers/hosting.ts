import type { hostRequests } from '../../protocol/hosting.ts';
import type { Handlers } from '../session.ts';

/** What only a host may do; `hosting` refuses everyone else. */
export const hosting: Handlers<keyof typeof hostRequests> = {
  'host:lock'({ participation }, { locked }) {
    participation.hosting.decide({ locked });
    return {};
  },

  'host:lobby'({ participation }, { on }) {
    participation.hosting.decide({ lobby: on });
    return {};
  },

  'host:admit'({ participation }, { peerId }) {
    participation.hosting.admit(peerId);
    return {};
  },

  'host:refuse'({ participation }, { peerId }) {
    participation.hosting.refuse(peerId);
    return {};
  },

  async 'host:mute'({ participation }, { peerId }) {
    await participation.hosting.mute(peerId);
    return {};
  },

  'host:lowerHand'({ participation }, { peerId }) {
    participation.hosting.lowerHand(peerId);
    return {};
  },

  'host:remove'({ participation }, { peerId }) {
    participation.hosting.remove(peerId);
    return {};
  },

  'host:handOver'({ participation }, { peerId }) {
    participation.hosting.handOver(peerId);
    return {};
  },

  'host:end'({ participation }) {
    participation.hosting.end();
    return {};
  },

  'host:languages'({ participation }, languages) {
    participation.hosting.decide({ languages });
    return {};
  },

  'host:consentNotice'({ participation }, { on }) {
    participation.hosting.decide({ consentNotice: on });
    return {};
  },
};
