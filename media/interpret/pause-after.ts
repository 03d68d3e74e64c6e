/** What a speaker leaves between sentences, and between parts of one. */
const SENTENCE_MS = 300;
const PART_MS = 150;
/** Quieter is silence: -50 dB. */
const SILENCE = 0.003;

/**
 * A phrase's sound with the pause that belongs behind it before the next, for voices differ in what
 * they end with: at most what is missing is added. A cut between two words has none, nor has what has no sound.
 */
export function withPauseAfter(
  text: string,
  { audio, sampleRate }: { readonly audio: Float32Array; readonly sampleRate: number },
): Float32Array {
  const pause = Math.round((pauseMs(text) * sampleRate) / 1000);
  const silent = audio.length - 1 - audio.findLastIndex((sample) => Math.abs(sample) >= SILENCE);
  if (audio.length === 0 || silent >= pause) return audio;
  const longer = new Float32Array(audio.length + pause - silent);
  longer.set(audio);
  return longer;
}

function pauseMs(text: string): number {
  if (/[.!?…。！？]["'»”)\]]?$/u.test(text)) return SENTENCE_MS;
  return /\p{P}["'»”)\]]?$/u.test(text) ? PART_MS : 0;
}
