import { cleanHypothesis } from './hypothesis.ts';
import * as sphinx from './pocketsphinx.ts';

/** Samples in one native call: half a second. */
const STRIDE = 8000;

/**
 * Speech that the cepstral mean is taken from before decoding begins: one second. From half a second
 * to the whole utterance, the error rate stays where it is (0.30 to 0.35).
 */
const MEAN_SAMPLES = 16_000;

/**
 * What makes the difference, as word error rate on 440 words: Debian's five LibriVox sentences and
 * three other recordings, each at four phases against the frames.
 *
 * - The mean set for each utterance (see `Decoder`): 0.46 without, 0.31 with it.
 * - `-fwdflat no`: the second pass begins after the end of the utterance and takes 80 ms for each
 *   second of speech; without it 0.30, with it 0.33.
 * - `-bestpath yes`: the search of the word lattice takes 10 ms per second; without it 0.34.
 * - `-remove_noise no`, `-remove_silence no`: the voice activity detection has done that; 0.35 with
 *   them, 0.30 without.
 * - `-maxwpf 20`, `-maxhmmpf 10000`: bounds on the words and states of a frame, which only noisy
 *   speech reaches. The worst end of an utterance takes a quarter of the time, at the same error rate.
 * - Wider beams (1e-60) would give 0.27, for twice the time.
 */
const SETTINGS = [
  ...['-cmn', 'live', '-fwdflat', 'no', '-bestpath', 'yes'],
  ...['-remove_noise', 'no', '-remove_silence', 'no', '-maxwpf', '20', '-maxhmmpf', '10000'],
  ...['-logfn', '/dev/null'],
];

/** PocketSphinx's logarithms have base 1.0001. */
const LN_BASE = Math.log(1.0001);

/**
 * One PocketSphinx decoder: hears one utterance at a time. Nothing of an utterance is left when the
 * next begins, so a text depends on its audio alone.
 *
 * PocketSphinx subtracts a running cepstral mean, which in live use starts from what the last
 * speaker left behind. Instead the mean of the utterance's own first second is set before its first
 * frame is decoded, which recognises as well as the mean of the whole utterance would. Frames with
 * negative energy are left out, as sphinxbase's cmn.c does.
 */
export class Decoder {
  readonly #decoder: sphinx.Pointer;
  readonly #frontEnd: sphinx.Pointer;
  readonly #mean: sphinx.Pointer;
  /** Audio held back until there is enough for the mean; undefined once decoding has begun. */
  #held: Int16Array[] | undefined = [];

  private constructor(decoder: sphinx.Pointer, frontEnd: sphinx.Pointer) {
    this.#decoder = decoder;
    this.#frontEnd = frontEnd;
    this.#mean = sphinx.cepstralMeanOf(decoder);
  }

  /** Loads the model: about half a second and 170 MB. `directory`: Debian's model/en-us. */
  static async create(directory: string): Promise<Decoder> {
    const model = ['-hmm', `${directory}/en-us`, '-lm', `${directory}/en-us.lm.bin`];
    const args = [...model, '-dict', `${directory}/cmudict-en-us.dict`, ...SETTINGS];
    const config = sphinx.cmdLnParse(null, sphinx.psArgs(), args.length, args, 0);
    const decoder = config && (await sphinx.onThread(sphinx.psInit, config));
    const frontEnd = config && sphinx.feInit(config);
    if (!decoder || !frontEnd)
      throw new Error(`PocketSphinx cannot load its model in ${directory}`);
    return new Decoder(decoder, frontEnd);
  }

  /** Begins an utterance. */
  start(): void {
    this.#held = [];
  }

  /** Hears more of the utterance. */
  async hear(pcm: Int16Array): Promise<void> {
    if (!this.#held) {
      await this.#decode(pcm);
      return;
    }
    this.#held.push(pcm);
    if (samples(this.#held) >= MEAN_SAMPLES) await this.#begin(this.#held);
  }

  /** What has been understood so far; may still change. */
  partial(): string {
    if (this.#held) return '';
    return cleanHypothesis(sphinx.psGetHyp(this.#decoder, null) ?? '');
  }

  /** Ends the utterance. `logprob`: natural log of the best path's posterior. */
  async finish(): Promise<{ text: string; logprob: number }> {
    if (this.#held) {
      if (samples(this.#held) === 0) return { text: '', logprob: 0 };
      await this.#begin(this.#held);
    }
    await sphinx.onThread(sphinx.psEndUtt, this.#decoder);
    // The first question after the end searches the word lattice.
    const hypothesis = await sphinx.onThread(sphinx.psGetHyp, this.#decoder, null);
    const text = cleanHypothesis(hypothesis ?? '');
    return { text, logprob: text === '' ? 0 : sphinx.psGetProb(this.#decoder) * LN_BASE };
  }

  async #begin(held: readonly Int16Array[]): Promise<void> {
    const pcm = new Int16Array(samples(held));
    let offset = 0;
    for (const part of held) {
      pcm.set(part, offset);
      offset += part.length;
    }
    const mean = this.#meanOf(pcm.subarray(0, MEAN_SAMPLES));
    if (mean) sphinx.cmnLiveSet(this.#mean, mean);
    sphinx.psStartStream(this.#decoder);
    sphinx.psStartUtt(this.#decoder);
    this.#held = undefined;
    await this.#decode(pcm);
  }

  async #decode(pcm: Int16Array): Promise<void> {
    for (let i = 0; i < pcm.length; i += STRIDE) {
      const part = pcm.subarray(i, i + STRIDE);
      await sphinx.onThread(sphinx.psProcessRaw, this.#decoder, part, part.length, 0, 0);
    }
  }

  #meanOf(pcm: Int16Array): Float32Array | undefined {
    const cepstra: [sphinx.Pointer | null] = [null];
    const frames: [number | null] = [null];
    sphinx.feStartStream(this.#frontEnd);
    sphinx.feStartUtt(this.#frontEnd);
    sphinx.feProcessUtt(this.#frontEnd, pcm, pcm.length, cepstra, frames);
    if (!cepstra[0] || !frames[0]) return undefined;
    const rows = sphinx.readCepstra(cepstra[0], frames[0]);
    sphinx.feFree2d(cepstra[0]);
    return meanOfSpeech(rows);
  }
}

/** Mean of the frames whose first coefficient, their energy, is not negative. */
function meanOfSpeech(rows: Float32Array): Float32Array | undefined {
  const mean = new Float32Array(sphinx.CEPSTRA);
  let frames = 0;
  for (let row = 0; row < rows.length; row += sphinx.CEPSTRA) {
    if ((rows[row] ?? -1) < 0) continue;
    frames++;
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (rows[row + i] ?? 0);
  }
  return frames === 0 ? undefined : mean.map((sum) => sum / frames);
}

function samples(parts: readonly Int16Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
