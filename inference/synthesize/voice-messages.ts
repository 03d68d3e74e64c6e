import { z } from 'zod';
import type { VoiceResult } from '../protocol/task-models.ts';

/** What a voice's process is asked: to say something, or not to finish what it says. */
export function voiceAsk<T>(say: z.ZodType<T>) {
  return z.discriminatedUnion('type', [
    z.object({ type: z.literal('say'), job: z.int(), say }),
    z.object({ type: z.literal('cancel'), job: z.int() }),
  ]);
}

export const spokenSchema: z.ZodType<VoiceResult> = z.object({
  audio: z.instanceof(Float32Array),
  sampleRate: z.number().positive(),
});
