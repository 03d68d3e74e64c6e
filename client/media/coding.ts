import type { types } from 'mediasoup-client';
import type { Source } from '../../server/protocol/sources.ts';

type Coding = Pick<types.ProducerOptions, 'codecOptions' | 'encodings'>;

/**
 * Twice the bit rate of a browser's default for speech: people hardly hear the difference, but the
 * recogniser does (docs/benchmarks.md). Silence costs next to nothing, thanks to DTX.
 */
const SOUND: Coding = {
  codecOptions: {
    opusFec: true,
    opusDtx: true,
    opusStereo: false,
    opusMaxAverageBitrate: 64_000,
  },
};

/** kbit/s before the way is known: speech must not wait behind the first picture. */
const PICTURE_START = { videoGoogleStartBitrate: 500 };

/**
 * How each track is sent. Pictures go out in several sizes at once (simulcast), smallest first, so
 * that everyone gets the one that fits their card and their way: a camera of 720 lines also in 360
 * and 180, a screen also in half its size.
 */
export const CODING: Readonly<Record<Source, Coding>> = {
  microphone: SOUND,
  tab: SOUND,
  camera: {
    codecOptions: PICTURE_START,
    encodings: [
      { scaleResolutionDownBy: 4, maxBitrate: 120_000 },
      { scaleResolutionDownBy: 2, maxBitrate: 400_000 },
      { scaleResolutionDownBy: 1, maxBitrate: 1_400_000 },
    ],
  },
  screen: {
    codecOptions: PICTURE_START,
    encodings: [
      { scaleResolutionDownBy: 2, maxBitrate: 400_000 },
      { scaleResolutionDownBy: 1, maxBitrate: 1_600_000 },
    ],
  },
};
