import { z } from 'zod';

/** What the engine and the process that M2M100 runs in say to each other. */

export const settingsSchema = z.object({
  logLevel: z.string(),
  directory: z.string(),
  /** 0: one for each core. */
  threads: z.int().nonnegative(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A sentence, or a part of one. */
export const askSchema = z.object({
  text: z.string(),
  source: z.string(),
  targets: z.array(z.string()).min(1),
});
export type Ask = z.infer<typeof askSchema>;

/** In the order of the targets. */
export const translatedSchema = z.array(z.string());
