import type { Config } from '../../config/schema.ts';

/** The files process and what it is started with; undefined where there is no API. */
export function filesProgram(
  { server: { api }, media }: Pick<Config, 'server' | 'media'>,
  entry: string,
): { readonly entry: string; readonly options: object } | undefined {
  if (api.tokensFile === '') return undefined;
  const { logLevel, vadModel, vadThreshold, vadRelease, vadMinSpeechMs, vadMinSilenceMs } = media;
  const { vadPreRollMs, vadPostRollMs, vadMaxUtteranceMs, vadCutSearchMs } = media;
  const { speechTimeoutMs, voiceTimeoutMs, textTimeoutMs } = media;
  const { jobs, engineRequests, maxAudioMs, patienceMs, ffmpeg } = api;
  const options = {
    ...{ logLevel, vadModel, vadThreshold, vadRelease, vadMinSpeechMs, vadMinSilenceMs },
    ...{ vadPreRollMs, vadPostRollMs, vadMaxUtteranceMs, vadCutSearchMs },
    ...{ jobs, engineRequests, maxAudioMs, patienceMs, ffmpeg },
    answerTimeoutMs: Math.max(speechTimeoutMs, voiceTimeoutMs, textTimeoutMs),
  };
  return { entry, options };
}
