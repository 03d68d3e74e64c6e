import { z } from 'zod';
import { STYLES } from './supertonic-files.ts';

/** What Supertonic's process is started with, and what it is given to say. */

export const settingsSchema = z.object({
  logLevel: z.string(),
  directory: z.string(),
  device: z.enum(['auto', 'cpu', 'cuda']),
  threads: z.int().nonnegative(),
  steps: z.int().positive(),
  speed: z.number().positive(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const saySchema = z.object({
  text: z.string(),
  language: z.string(),
  style: z.enum(STYLES),
});
