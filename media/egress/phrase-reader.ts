import type { VoicedPhrase } from './ports.ts';
import { sparableSilence } from './silence.ts';
import type { Span } from './silence.ts';

/** Where silence is left out, both sides are blended over so long, so that nothing clicks. */
const BLEND_MS = 5;

/** Reads a phrase from begin to end, with its pauses as they are or shortened. */
export class PhraseReader {
  readonly sampleRate: number;
  readonly speechEndedAt: number;
  readonly #audio: Float32Array;
  readonly #sparable: readonly Span[];
  #position = 0;

  constructor({ audio, sampleRate, speechEndedAt }: VoicedPhrase) {
    this.sampleRate = sampleRate;
    this.speechEndedAt = speechEndedAt;
    this.#audio = audio;
    this.#sparable = sparableSilence(audio, sampleRate);
  }

  get done(): boolean {
    return this.#position >= this.#audio.length;
  }

  /** Length of the whole phrase as it was spoken. */
  get lengthMs(): number {
    return this.#toMs(this.#audio.length);
  }

  /** What has not been read. */
  get leftMs(): number {
    return this.#toMs(this.#audio.length - this.#position);
  }

  /** What has not been read and cannot be spared. */
  get neededMs(): number {
    const spared = this.#sparable.reduce(
      (sum, { from, to }) => sum + Math.max(0, to - Math.max(from, this.#position)),
      0,
    );
    return this.leftMs - this.#toMs(spared);
  }

  /** The next samples, up to `ms`: fewer at the end, and at a pause when pauses are shortened. */
  read(ms: number, shortenPauses: boolean): Float32Array {
    const jump = shortenPauses
      ? this.#sparable.find(({ from, to }) => from <= this.#position && this.#position < to)
      : undefined;
    const before = this.#position;
    if (jump !== undefined) this.#position = jump.to;
    const start = this.#position;
    const next = shortenPauses ? this.#sparable.find(({ from }) => from > start) : undefined;
    const length = Math.round((ms * this.sampleRate) / 1000);
    this.#position = Math.min(start + length, next?.from ?? Infinity, this.#audio.length);
    const piece = this.#audio.slice(start, this.#position);
    if (before > 0 && before < start) this.#blend(piece, before);
    return piece;
  }

  /** Leads over from what would have come at `before`. */
  #blend(piece: Float32Array, before: number): void {
    const length = Math.min(piece.length, Math.round((BLEND_MS * this.sampleRate) / 1000));
    for (const [at, left] of this.#audio.subarray(before, before + length).entries()) {
      const share = at / length;
      piece[at] = left * (1 - share) + (piece[at] ?? 0) * share;
    }
  }

  #toMs(samples: number): number {
    return (samples * 1000) / this.sampleRate;
  }
}
