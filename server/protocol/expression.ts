import { z } from 'zod';
import { REACTIONS } from './reactions.ts';

/** Characters of a chat message. */
const MAX_MESSAGE = 2_000;
/** Characters of a line that is said differently. */
const MAX_CORRECTION = 1_000;

/** What people say and show without speaking. */
export const expressionRequests = {
  /** To everyone, in the language that the caller speaks. Line breaks are kept. */
  'chat:send': z.strictObject({
    text: z
      .string()
      .trim()
      .min(1)
      .max(MAX_MESSAGE)
      .regex(/^(?:\n|\P{Cc})+$/u, 'no control characters'),
  }),
  /** The caller's own hand. */
  hand: z.strictObject({ raised: z.boolean() }),
  react: z.strictObject({ kind: z.enum(REACTIONS) }),
  /** Other words for a finished line of the caller's own. */
  'caption:correct': z.strictObject({
    sequence: z.int().min(0),
    text: z
      .string()
      .trim()
      .min(1)
      .max(MAX_CORRECTION)
      .regex(/^\P{Cc}+$/u, 'no control characters'),
  }),
} as const;
