import koffi, { type KoffiFunc } from 'koffi';
import type { EspeakVoice } from './voices.ts';

type Fn<A extends unknown[], R> = KoffiFunc<(...args: A) => R>;

const espeak = koffi.load('libespeak-ng.so.1');
const synthCallback = koffi.proto('int SynthCallback(void *wav, int samples, void *events)');

const initialize: Fn<[output: number, buffer: number, path: null, options: number], number> =
  espeak.func('int espeak_Initialize(int output, int buflength, const char *path, int options)');
const setSynthCallback: Fn<[callback: bigint], void> = espeak.func(
  'void espeak_SetSynthCallback(SynthCallback *callback)',
);
const setVoiceByName: Fn<[name: string], number> = espeak.func(
  'int espeak_SetVoiceByName(const char *name)',
);
const setParameter: Fn<[parameter: number, value: number, relative: number], number> = espeak.func(
  'int espeak_SetParameter(int parameter, int value, int relative)',
);
const synth: Fn<
  [
    text: string,
    size: number,
    position: number,
    positionType: number,
    endPosition: number,
    flags: number,
    identifier: null,
    user: null,
  ],
  number
> = espeak.func(
  'int espeak_Synth(const char *text, size_t size, unsigned int position, int positionType, unsigned int endPosition, unsigned int flags, void *identifier, void *user)',
);

// speak_lib.h
const OUTPUT_SYNCHRONOUS = 2;
const DONT_EXIT = 0x8000;
const PITCH = 3;
const CHARS_UTF8 = 1;

/** Samples quieter than this at the start of speech are silence. */
const SILENCE = 50;

/** espeak-ng in its synchronous mode: a call returns when the text has been spoken into memory. */
export class Espeak {
  readonly sampleRate: number;
  #spoken: Int16Array[] = [];

  constructor() {
    this.sampleRate = initialize(OUTPUT_SYNCHRONOUS, 0, null, DONT_EXIT);
    if (this.sampleRate <= 0) throw new Error('espeak-ng cannot start; is espeak-ng-data there?');
    const collect = (wav: unknown, samples: number) => {
      if (wav !== null && samples > 0) {
        this.#spoken.push(new Int16Array(koffi.view(wav, samples * 2)).slice());
      }
      return 0;
    };
    setSynthCallback(koffi.register(collect, koffi.pointer(synthCallback)));
  }

  /** Mono, -1 to 1, without the 50 ms of silence that espeak-ng begins with. */
  speak(text: string, { name, pitch }: EspeakVoice): Float32Array {
    if (setVoiceByName(name) !== 0) throw new Error(`espeak-ng has no voice ${name}`);
    setParameter(PITCH, pitch, 0);
    this.#spoken = [];
    const line = text.replaceAll('\0', ' ');
    const size = Buffer.byteLength(line) + 1;
    if (synth(line, size, 0, 0, 0, CHARS_UTF8, null, null) !== 0) {
      throw new Error('espeak-ng cannot speak');
    }
    const pcm = joined(this.#spoken);
    const start = pcm.findIndex((sample) => Math.abs(sample) >= SILENCE);
    return Float32Array.from(start < 0 ? [] : pcm.subarray(start), (sample) => sample / 32_768);
  }
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
