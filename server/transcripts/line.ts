import { z } from 'zod';

/** The last moment a Date can tell, milliseconds since 1970. */
const END_OF_TIME = 8.64e15;

/** One finished line of a meeting. */
export const TranscriptLine = z.object({
  /** Orders the lines of a meeting. A line written again under its number replaces the former. */
  sequence: z.int().min(0),
  /** Start of speech, milliseconds since 1970. */
  startedAt: z.number().min(0).max(END_OF_TIME),
  /** Display name. */
  speaker: z.string(),
  /** Language tag of what was said. */
  source: z.string(),
  original: z.string(),
  translations: z.array(z.object({ language: z.string(), text: z.string() })).readonly(),
  /** Set when words are missing from this line, and why. */
  gap: z.enum(['skipped', 'failed']).optional(),
});
export type TranscriptLine = Readonly<z.infer<typeof TranscriptLine>>;

/** Each line once, as it was written last, in the order in which they were spoken. */
export function latest(lines: readonly TranscriptLine[]): readonly TranscriptLine[] {
  const bySequence = new Map(lines.map((line) => [line.sequence, line]));
  return [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
}
