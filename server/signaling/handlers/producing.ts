import type { Handlers } from '../session.ts';

/** Tracks a browser sends. */
export const producing: Handlers<'produce' | 'closeProducer' | 'pauseProducer' | 'resumeProducer'> =
  {
    async produce({ participation }, request) {
      return { producerId: await participation.produce(request) };
    },

    closeProducer({ participation }, { producerId }) {
      participation.closeProducer(producerId);
      return {};
    },

    async pauseProducer({ participation }, { producerId }) {
      await participation.setProducerPaused(producerId, true);
      return {};
    },

    async resumeProducer({ participation }, { producerId }) {
      await participation.setProducerPaused(producerId, false);
      return {};
    },
  };
