import { CATALOGUE } from '../catalogue/catalogue.ts';
import { findModel } from '../catalogue/find.ts';
import { baseLanguage } from '../routes/base-language.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import type { VoiceRequest } from '../protocol/task-models.ts';
import { speakable } from '../text/speakable.ts';
import { readSupertonic, STYLES, type StyleName } from './supertonic-files.ts';
import type { Settings } from './supertonic-messages.ts';
import type { Say } from './supertonic.ts';
import { chunks } from './supertonic-text.ts';
import { voiceOf } from './voice-name.ts';
import { VoiceProgram, type VoiceParts } from './voice-program.ts';

/** The one of the catalogue. */
export const SUPERTONIC = 'supertonic-3';
const LANGUAGES = findModel(CATALOGUE, SUPERTONIC).languages;

/** A beat of ChildProgram. */
const BEAT_MS = 500;

/**
 * Looks into the model's folder and begins to load it in a process of its own. Rejects with a
 * ModelError where the folder is not a Supertonic model's.
 */
export async function startSupertonic(directory: string, parts: VoiceParts): Promise<VoiceProgram> {
  await readSupertonic(directory);
  const { logLevel, voiceDeadlineMs, supertonic } = parts.options;
  const { device, threads, steps, speed, queue, loadDeadlineMs } = supertonic;
  const settings: Settings = { logLevel, directory, device, threads, steps, speed };
  return VoiceProgram.start(
    {
      name: SUPERTONIC,
      program: 'supertonic',
      languages: LANGUAGES,
      file: new URL('program.ts', import.meta.url),
      settings,
      startDeadlineMs: loadDeadlineMs,
      queue,
      // It is silent while a run lasts: what it is asked has a deadline, by which it hangs or not.
      hungAfterBeats: Math.ceil(voiceDeadlineMs / BEAT_MS),
      triesAgain: false,
      prepare: (request) => {
        const say = sayOf(request);
        const parts = chunks(say.text, say.language).length;
        return { say, deadlineMs: voiceDeadlineMs * Math.max(1, parts) };
      },
    },
    parts,
  );
}

/**
 * What Supertonic is given for a request: numbers, dates and names of another script in words. It
 * claims to read them by itself, but how well differs from language to language and cannot be tested
 * without its weights; `speakable` can. Throws `badRequest`.
 */
export function sayOf({ text, language, voice }: VoiceRequest): Say {
  const subtag = baseLanguage(language);
  if (!LANGUAGES.includes(subtag)) {
    throw new InferenceError('badRequest', `'${language}' is not spoken by Supertonic`);
  }
  return { text: speakable(text, subtag), language: subtag, style: styleOf(voice) };
}

function styleOf(voice: string): StyleName {
  const { kind, variant } = voiceOf(voice);
  const letter = kind === 'male' ? 'M' : 'F';
  const styles = STYLES.filter((style) => style.startsWith(letter));
  return styles[variant % styles.length] ?? 'M1';
}
