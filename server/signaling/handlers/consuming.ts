import type { Handlers } from '../session.ts';

/** Tracks a browser receives. */
export const consuming: Handlers<'pauseConsumer' | 'resumeConsumer' | 'consumerLayers'> = {
  async pauseConsumer({ participation }, { consumerId }) {
    await participation.setConsumerPaused(consumerId, true);
    return {};
  },

  async resumeConsumer({ participation }, { consumerId }) {
    await participation.setConsumerPaused(consumerId, false);
    return {};
  },

  async consumerLayers({ participation }, { consumerId, spatial }) {
    await participation.preferLayer(consumerId, spatial);
    return {};
  },
};
