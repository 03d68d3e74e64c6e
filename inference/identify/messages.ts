import { z } from 'zod';

/** What the engine and the process that the identifier runs in say to each other. */

export const settingsSchema = z.object({ directory: z.string(), logLevel: z.string() });
export type Settings = z.infer<typeof settingsSchema>;

export const askSchema = z.object({ audio: z.instanceof(Float32Array) });
export type Ask = z.input<typeof askSchema>;

export const answerSchema = z.object({ probabilities: z.instanceof(Float32Array) });
