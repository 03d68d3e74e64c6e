import type { Handlers } from '../session.ts';

/** A browser's connections to the SFU, one for each direction. */
export const transports: Handlers<
  'createWebRtcTransport' | 'connectWebRtcTransport' | 'restartIce'
> = {
  createWebRtcTransport({ participation }, { direction }) {
    return participation.createTransport(direction);
  },

  async connectWebRtcTransport({ participation }, { transportId, dtlsParameters }) {
    await participation.connectTransport(transportId, dtlsParameters);
    return {};
  },

  async restartIce({ participation }, { transportId }) {
    return participation.restartIce(transportId);
  },
};
