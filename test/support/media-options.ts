import { defaults } from '../../config/defaults.ts';
import { MediaOptions } from '../../media/options.ts';

/** Options of the media process as tests want them, with what differs. */
export function mediaOptions(changes: Partial<MediaOptions> = {}): MediaOptions {
  return MediaOptions.parse({
    ...defaults.media,
    logLevel: 'silent',
    maxStreams: 100,
    rtpReceiveBufferBytes: 4 * 1024 * 1024,
    jitterHoldMs: 60,
    jitterPackets: 50,
    stallMs: 500,
    speechQueueMs: 8000,
    vadGatherMs: 10,
    vadThreshold: 0.5,
    vadRelease: 0.35,
    vadMinSpeechMs: 200,
    vadMinSilenceMs: 500,
    vadPreRollMs: 300,
    vadPostRollMs: 150,
    vadMaxUtteranceMs: 15_000,
    vadCutSearchMs: 2000,
    speechPartMs: 500,
    speechTimeoutMs: 15_000,
    voiceTimeoutMs: 15_000,
    voiceQueuePhrases: 8,
    enginePollMs: 500,
    engineRecoveryMs: 5000,
    engineFailedMs: 30_000,
    playoutMs: 30_000,
    lagLowMs: 5000,
    lagHighMs: 8000,
    lagMaxMs: 20_000,
    maxTempo: 1.25,
    pacerCatchUpMs: 100,
    opusBitrate: 32_000,
    opusComplexity: 5,
    opusLossPercent: 10,
    ...changes,
  });
}
