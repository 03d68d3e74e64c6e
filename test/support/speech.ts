import libsamplerate from '@alexanderolsen/libsamplerate-js';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { z } from 'zod';

/** Human speech for tests: sentences read by a LibriVox volunteer, from Debian's pocketsphinx-testdata. */
const LIBRIVOX = '/usr/share/pocketsphinx/test/data/librivox';

const Format = z.object({ sampleRate: z.literal(16_000), numChannels: z.literal(1) });

export interface Recording {
  readonly name: string;
  readonly path: string;
  /** What is said, in lower case without punctuation. */
  readonly words: string;
  /** 16 kHz mono, -1 to 1. */
  readonly audio: Float32Array;
}

/** A 16 kHz mono WAV file as samples from -1 to 1. Throws when it is anything else. */
export function readWav(path: string): Float32Array {
  const wav = new wavefile.WaveFile(readFileSync(path));
  Format.parse(wav.fmt);
  wav.toBitDepth('32f');
  return Float32Array.from(wav.getSamples(false, Float64Array));
}

/** The five sentences, in the order of Debian's transcript. */
export function librivox(): readonly Recording[] {
  const lines = readFileSync(join(LIBRIVOX, 'transcription'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [, words, name] = /^<s> (.*) <\/s> \((.*)\)$/.exec(line) ?? [];
    if (words === undefined || name === undefined) throw new Error(`no sentence in "${line}"`);
    const path = join(LIBRIVOX, `${name}.wav`);
    return { name: name.slice(-4), path, words, audio: readWav(path) };
  });
}

/** One sentence of {@link librivox}. */
export function sentence(name: '0870' | '0880' | '0890' | '0920' | '0930'): Recording {
  const found = librivox().find((recording) => recording.name === name);
  if (found === undefined) throw new Error(`no LibriVox sentence ${name}`);
  return found;
}

/** 16 kHz to 48 kHz, as a browser captures. */
export async function as48k(audio: Float32Array): Promise<Float32Array> {
  const resampler = await libsamplerate.create(1, 16_000, 48_000, {
    converterType: libsamplerate.ConverterType.SRC_SINC_MEDIUM_QUALITY,
  });
  try {
    return resampler.full(audio);
  } finally {
    resampler.destroy();
  }
}

/**
 * Writes 16 kHz audio as a WAV that Chromium can use as a microphone: 48 kHz mono 16 bit. Chromium
 * plays it in a loop from the moment the page opens the microphone.
 */
export async function writeMicrophone(path: string, audio: Float32Array): Promise<void> {
  const loud = Int16Array.from(await as48k(audio), (x) => Math.max(-1, Math.min(1, x)) * 32_767);
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, 48_000, '16', loud);
  writeFileSync(path, wav.toBuffer());
}
