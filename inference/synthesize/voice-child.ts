import type { z } from 'zod';
import { answerParent } from '../process/child-side.ts';
import type { VoiceResult } from '../protocol/task-models.ts';
import { voiceAsk } from './voice-messages.ts';

/**
 * The child's half of VoiceProgram. `speak` may look at its signal now and then: whoever asked may have
 * gone meanwhile.
 */
export function speakForParent<T>(
  say: z.ZodType<T>,
  speak: (say: T, cancelled: AbortSignal) => Promise<VoiceResult>,
): void {
  const running = new Map<number, AbortController>();
  answerParent(voiceAsk(say), async (ask) => {
    if (ask.type === 'cancel') {
      running.get(ask.job)?.abort();
      return null;
    }
    const cancelling = new AbortController();
    running.set(ask.job, cancelling);
    try {
      return await speak(ask.say, cancelling.signal);
    } finally {
      running.delete(ask.job);
    }
  });
}
