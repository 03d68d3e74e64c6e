import { Stretch } from '@soundtouchjs/core';

/** WSOLA windows for speech, in milliseconds: what is kept whole, searched, and blended. */
const SEQUENCE_MS = 60;
const SEEK_MS = 15;
const OVERLAP_MS = 8;

/** The stretcher holds back less than this; so much silence pushes it out. */
const FLUSH_MS = 4 * (SEQUENCE_MS + SEEK_MS);

/**
 * Makes speech faster without changing its pitch, by WSOLA (Verhelst and Roelands, ICASSP 1993) as
 * in SoundTouch. Mono. As long as it is not asked to change anything, samples pass as they are.
 */
export class TempoStage {
  readonly #sampleRate: number;
  #stretch: Stretch | undefined;
  /** Samples that what was put in since stretching began should give, and that came out. */
  #due = 0;
  #given = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** `tempo` is how much faster than spoken these samples are played. */
  push(samples: Float32Array, tempo: number): Float32Array {
    if (tempo === 1 && this.#stretch === undefined) return samples;
    this.#stretch ??= create(this.#sampleRate);
    if (this.#stretch.tempo !== tempo) this.#stretch.tempo = tempo;
    this.#due += samples.length / tempo;
    const out = through(this.#stretch, samples);
    this.#given += out.length;
    return out;
  }

  /** What is held back. The length of all that came out is then as it should be. */
  flush(): Float32Array {
    const stretch = this.#stretch;
    if (stretch === undefined) return new Float32Array(0);
    const tail = new Float32Array(Math.ceil((this.#sampleRate * FLUSH_MS) / 1000));
    const out = through(stretch, tail);
    this.#stretch = undefined;
    const left = Math.max(0, Math.round(this.#due) - this.#given);
    this.#due = 0;
    this.#given = 0;
    return out.subarray(0, left);
  }
}

function create(sampleRate: number): Stretch {
  const stretch = new Stretch({ sampleRate, createBuffers: true });
  stretch.setParameters(sampleRate, SEQUENCE_MS, SEEK_MS, OVERLAP_MS);
  return stretch;
}

/** SoundTouch takes two channels, one sample of each in turn. */
function through(stretch: Stretch, samples: Float32Array): Float32Array {
  const { inputBuffer, outputBuffer } = stretch;
  if (inputBuffer === null || outputBuffer === null) throw new Error('a stretcher without buffers');
  const pairs = new Float32Array(2 * samples.length);
  for (const [at, sample] of samples.entries()) {
    pairs[2 * at] = sample;
    pairs[2 * at + 1] = sample;
  }
  inputBuffer.putSamples(pairs);
  stretch.process();
  const frames = outputBuffer.frameCount;
  const stretched = new Float32Array(2 * frames);
  outputBuffer.extract(stretched, 0, frames);
  outputBuffer.receive(frames);
  return stretched.filter((_, at) => at % 2 === 0);
}
