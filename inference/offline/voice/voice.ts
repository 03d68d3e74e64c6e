import { VoiceProgram, type VoiceParts } from '../../synthesize/voice-program.ts';
import type { Say } from './messages.ts';
import { ESPEAK_LANGUAGES, espeakVoice } from './voices.ts';

/** Begins to start espeak-ng in a process of its own. It reads numbers and dates by itself. */
export function startEspeak(parts: VoiceParts): VoiceProgram {
  const { startDeadlineMs, voiceDeadlineMs, voiceQueue } = parts.options;
  return VoiceProgram.start(
    {
      name: 'espeak-ng',
      program: 'voice',
      languages: ESPEAK_LANGUAGES,
      file: new URL('program.ts', import.meta.url),
      settings: {},
      startDeadlineMs,
      queue: voiceQueue,
      triesAgain: true,
      prepare: ({ text, language, voice }) => {
        const say: Say = { text, ...espeakVoice(language, voice) };
        return { say, deadlineMs: voiceDeadlineMs };
      },
    },
    parts,
  );
}
