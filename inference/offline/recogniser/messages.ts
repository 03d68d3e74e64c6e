import { z } from 'zod';

/** What the engine says to the recogniser's process, which answers each with `heardSchema`. */
export const askSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hear'),
    sequence: z.number(),
    /** Begins the utterance, even if one of that number was open. */
    start: z.boolean(),
    end: z.boolean(),
    /** 16 kHz mono. */
    audio: z.instanceof(Float32Array),
  }),
  z.object({ type: z.literal('forget'), sequence: z.number() }),
]);
export type Ask = z.infer<typeof askSchema>;

export const heardSchema = z.object({
  text: z.string(),
  /** Natural log of the posterior of the best path; 0 while the utterance is open. */
  logprob: z.number(),
  /** Time spent decoding. */
  decodeMs: z.number(),
  /** Time spent after the last audio. */
  finishMs: z.number(),
});
export type Heard = z.infer<typeof heardSchema>;

export const settingsSchema = z.object({ modelDirectory: z.string() });
