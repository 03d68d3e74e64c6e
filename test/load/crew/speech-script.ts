import { pcm16 } from '../../support/bot-microphone.ts';
import { as48k, librivox } from '../../support/speech.ts';

export interface Phrase {
  /** Of its sound, in milliseconds from the beginning of the script. */
  readonly startMs: number;
  readonly endMs: number;
}

/** What a speaker says, over and over. */
export interface SpeechScript {
  /** 48 kHz mono. */
  readonly samples: Int16Array;
  readonly phrases: readonly Phrase[];
  readonly lengthMs: number;
}

const RATE = 16_000;
const FRAME = RATE / 50;
const FRAME_MS = 20;
/** What is no louder than the quietest frames of the recording by this is silence: 9 dB. */
const ABOVE_NOISE = 10 ** (9 / 20);
const QUIETEST = 0.03;
/** Quieter than the loudest frame by so much is silence in any case: 30 dB. */
const BELOW_SPEECH = 10 ** (-30 / 20);
/** And what is louder than this is none, however seldom it is quieter: 12 dB. */
const SPEECH = 10 ** (-12 / 20);
/** Longer silence parts two phrases. It is shorter than what ends an utterance. */
const GAP_MS = 300;
/** Shorter sounds are no phrase that a recogniser could be held to. */
const SHORTEST_MS = 800;
/** What is kept of the recording around a phrase. */
const MARGIN_MS = 100;
const LEAST_PAUSE_MS = 2_000;
/** Translations are longer than what was said, by up to so much, and begin so long after it. */
const TRANSLATED = 1.2;
const BEHIND_MS = 1_000;

/** The silence between two phrases in which the translation of the first is over before the second's. */
const pauseBetween = (first: Phrase, second: Phrase): number =>
  Math.max(
    LEAST_PAUSE_MS,
    FRAME_MS * Math.ceil((TRANSLATED * lengthOf(first) + BEHIND_MS - lengthOf(second)) / FRAME_MS),
  );

const lengthOf = ({ startMs, endMs }: Phrase): number => endMs - startMs;

/** The phrases of a recording of 16 kHz: sound between two silences of at least {@link GAP_MS}. */
export function phrasesOf(audio: Float32Array): readonly Phrase[] {
  const levels = Array.from({ length: Math.floor(audio.length / FRAME) }, (_, frame) => {
    const samples = audio.subarray(frame * FRAME, (frame + 1) * FRAME);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / FRAME);
  });
  const sorted = levels.toSorted((a, b) => a - b);
  const noise = sorted[Math.floor(QUIETEST * sorted.length)] ?? 0;
  const loudest = sorted.at(-1) ?? 0;
  const threshold = Math.min(
    Math.max(ABOVE_NOISE * noise, BELOW_SPEECH * loudest),
    SPEECH * loudest,
  );
  const phrases: { startMs: number; endMs: number }[] = [];
  for (const [frame, level] of levels.entries()) {
    if (level <= threshold) continue;
    const startMs = frame * FRAME_MS;
    const last = phrases.at(-1);
    if (last && startMs - last.endMs < GAP_MS) last.endMs = startMs + FRAME_MS;
    else phrases.push({ startMs, endMs: startMs + FRAME_MS });
  }
  return phrases.filter(({ startMs, endMs }) => endMs - startMs >= SHORTEST_MS);
}

/**
 * Phrases of these recordings (16 kHz), one after another, with silence after each in which it is
 * translated. Throws when there is none in them.
 */
export async function scriptOf(recordings: readonly Float32Array[]): Promise<SpeechScript> {
  const found = recordings.flatMap((audio) => phrasesOf(audio).map((place) => ({ audio, place })));
  const parts: Float32Array[] = [];
  const phrases: Phrase[] = [];
  let lengthMs = 0;
  for (const [index, { audio, place }] of found.entries()) {
    const next = found[(index + 1) % found.length]?.place ?? place;
    const from = Math.max(0, place.startMs - MARGIN_MS);
    const part = audio.subarray((from * RATE) / 1000, ((place.endMs + MARGIN_MS) * RATE) / 1000);
    const pauseMs = pauseBetween(place, next);
    const shift = lengthMs - from;
    phrases.push({ startMs: place.startMs + shift, endMs: place.endMs + shift });
    parts.push(part, new Float32Array((pauseMs * RATE) / 1000));
    lengthMs += FRAME_MS * Math.ceil(part.length / FRAME) + pauseMs;
  }
  if (phrases.length === 0) throw new Error('nothing is said in these recordings');
  const whole = new Float32Array((lengthMs * RATE) / 1000);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += FRAME * Math.ceil(part.length / FRAME);
  }
  // To the sample: it is said over and over, and when each phrase ends must stay known.
  const samples = new Int16Array(lengthMs * 48);
  samples.set(pcm16(await as48k(whole)).subarray(0, samples.length));
  return { samples, phrases, lengthMs };
}

/** Five sentences read by a LibriVox volunteer, phrase by phrase. Throws when they are not here. */
export const librivoxScript = (): Promise<SpeechScript> =>
  scriptOf(librivox().map(({ audio }) => audio));

/**
 * When the phrases of a script end that is said over and over: in order, without end, for one who
 * was at `fromMs` of it at the time `startedAt`.
 */
export function* phraseEnds(
  { phrases, lengthMs }: Pick<SpeechScript, 'phrases' | 'lengthMs'>,
  startedAt: number,
  fromMs: number,
): Generator<number, never> {
  for (let round = 0; ; round += 1) {
    for (const { startMs, endMs } of phrases) {
      // One that had begun already was not said whole.
      if (round === 0 && startMs < fromMs) continue;
      yield startedAt + round * lengthMs + endMs - fromMs;
    }
  }
}

/** Share of the time in which something is said. */
export const talkShare = ({ phrases, lengthMs }: Pick<SpeechScript, 'phrases' | 'lengthMs'>) =>
  phrases.reduce((sum, phrase) => sum + lengthOf(phrase), 0) / lengthMs;
