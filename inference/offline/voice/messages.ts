import { z } from 'zod';

/** What the engine says to the voice's process. */
export const saySchema = z.object({ text: z.string(), name: z.string(), pitch: z.number() });
export type Say = z.infer<typeof saySchema>;

export const spokenSchema = z.object({
  audio: z.instanceof(Float32Array),
  sampleRate: z.number(),
});
