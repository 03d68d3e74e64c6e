import { z } from 'zod';
import type { Recognised } from './canary.ts';

/** What the engine and the process that Canary runs in say to each other. */

const tokens = z.array(z.int().nonnegative());

export const settingsSchema = z.object({
  directory: z.string(),
  device: z.enum(['auto', 'cpu', 'cuda']),
  threads: z.int().nonnegative(),
  logLevel: z.string(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const askSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('recognise'),
    batch: z.int(),
    tasks: z.array(
      z.object({
        audio: z.instanceof(Float32Array),
        texts: z.array(z.object({ prompt: tokens, prefix: tokens })),
      }),
    ),
  }),
  /** Nobody wants a batch any more: it may end early, whatever it has. */
  z.object({ type: z.literal('cancel'), batch: z.int() }),
]);
export type Ask = z.input<typeof askSchema>;

export const recognisedSchema: z.ZodType<Recognised> = z.object({
  texts: z.array(
    z.array(
      z.object({
        tokens,
        logprob: z.number(),
        ending: z.enum(['end', 'most', 'stuck', 'cancelled']),
      }),
    ),
  ),
  encodeMs: z.number(),
  decodeMs: z.number(),
});
