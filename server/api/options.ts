import { z } from 'zod';

/** The API for other programs. */
export const ApiOptions = z.strictObject({
  /** File with hashes of the tokens (server/api/token.ts makes them); empty: there is no API. */
  tokensFile: z.string(),
  /** Requests with one token in a minute. */
  requestsPerToken: z.int().min(1),
  /** Requests with one token at once. */
  requestsAtOncePerToken: z.int().min(1),
  /** Recordings and texts worked on at once, of all tokens together. */
  jobs: z.int().min(1).max(1_000),
  /** Of those, requests to the engine at once; calls wait for no more than these. */
  engineRequests: z.int().min(1).max(100),
  /** How long an engine that is full or away is waited for. */
  patienceMs: z.int().min(0).max(3_600_000),
  /** Bytes of a request in JSON. */
  maxBodyBytes: z.int().min(1_024).max(67_108_864),
  /** Bytes of one recording. */
  maxFileBytes: z.int().min(1_024),
  /** Recordings in one request. */
  maxFiles: z.int().min(1).max(1_000),
  /** Longest recording. */
  maxAudioMs: z.int().min(1_000),
  /** Characters of a text to be spoken. */
  maxSpeechCharacters: z.int().min(1).max(100_000),
  /** Who sends nothing of a recording for so long is hung up on. */
  uploadIdleMs: z.int().min(1_000),
  /** FFmpeg, which reads and writes files of sound: a name in PATH, or a path. */
  ffmpeg: z.string().min(1),
});
export type ApiOptions = Readonly<z.infer<typeof ApiOptions>>;
