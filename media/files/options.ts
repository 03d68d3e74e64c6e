import { z } from 'zod';
import { MediaOptions } from '../options.ts';

const { logLevel, vadModel, vadThreshold, vadRelease, vadMinSpeechMs } = MediaOptions.shape;
const { vadMinSilenceMs, vadPreRollMs, vadPostRollMs } = MediaOptions.shape;
const { vadMaxUtteranceMs, vadCutSearchMs } = MediaOptions.shape;

/** What the files process is started with: settings of calls, and those of the API (server/api/options.ts). */
export const FilesOptions = z.strictObject({
  logLevel,
  ...{ vadModel, vadThreshold, vadRelease, vadMinSpeechMs, vadMinSilenceMs },
  ...{ vadPreRollMs, vadPostRollMs, vadMaxUtteranceMs, vadCutSearchMs },

  /** Recordings and texts worked on at once; the next is refused. */
  jobs: z.int().min(1),
  /** Requests to the engine at once, of all of them together. */
  engineRequests: z.int().min(1),
  /** Longest recording. */
  maxAudioMs: z.int().min(1_000),
  /** How long an engine that is full or away is waited for. */
  patienceMs: z.int().min(0),
  /** Longest wait for one answer of the engine. */
  answerTimeoutMs: z.int().min(1_000),
  /** The program that reads and writes files of sound. */
  ffmpeg: z.string().min(1),
});
export type FilesOptions = Readonly<z.infer<typeof FilesOptions>>;
