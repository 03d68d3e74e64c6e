import { pino } from 'pino';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaults } from '../../config/defaults.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { OfflineEngine } from '../../inference/offline/offline-engine.ts';
import { startEspeak } from '../../inference/offline/voice/voice.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';
import type { SpeechResult, VoiceResult } from '../../inference/protocol/task-models.ts';
import { apertium, espeakLengthMs } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { InferenceChild } from '../support/inference-child.ts';
import { alive, descendants } from '../support/processes.ts';
import { sentence } from '../support/speech.ts';
import { wordErrors } from '../support/word-errors.ts';

const PART = 8_000;
const never = new AbortController().signal;
const modes = { es: 'eng-spa', ca: 'eng-cat', gl: 'en-gl', eo: 'en-eo' } as const;
const targets = ['es', 'ca', 'gl', 'eo'] as const;

let engine: OfflineEngine;
let metrics: InferenceMetrics;
let lastSequence = 0;

beforeAll(async () => {
  metrics = new InferenceMetrics();
  const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
  const parts = { options, log: pino({ level: 'silent' }), metrics };
  engine = OfflineEngine.start({ ...parts, voice: startEspeak(parts) });
  await eventually(() => engine.ready());
});

afterAll(async () => {
  await engine.close();
});

/** Says a recording as it would be said live, and gives the results of all parts. */
async function say(
  audio: Float32Array,
  spoken: readonly string[] = [],
  beforePart: (part: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly SpeechResult[]> {
  const sequence = ++lastSequence;
  const results: SpeechResult[] = [];
  for (let start = 0; start < audio.length; start += PART) {
    await beforePart(results.length);
    const part = {
      sequence,
      start: start === 0,
      end: start + PART >= audio.length,
      audio: audio.subarray(start, start + PART),
      source: 'en-US',
      targets: spoken,
    };
    results.push(await engine.speech(part, never));
  }
  return results;
}

const final = (results: readonly SpeechResult[]) => results.at(-1)?.transcript.committed;

/** Kills the engine's programs whose command line contains the words, and waits until they are gone. */
async function killProgram(words: string): Promise<void> {
  const victims = descendants(process.pid).filter(({ command }) => command.includes(words));
  expect(victims.length).toBeGreaterThan(0);
  for (const { pid } of victims) process.kill(pid, 'SIGKILL');
  await eventually(() => victims.every(({ pid }) => !alive(pid)));
}

async function restartsOf(program: string): Promise<number> {
  const { values } = await metrics.restarts.get();
  return values.find(({ labels }) => labels.program === program)?.value ?? 0;
}

/** Median pitch of the voiced 50 ms frames, by autocorrelation. */
function pitchHz({ audio, sampleRate }: VoiceResult): number {
  const length = Math.round(sampleRate * 0.05);
  const pitches: number[] = [];
  for (let start = 0; start + 2 * length < audio.length; start += length) {
    const frame = audio.subarray(start, start + 2 * length);
    let best = { lag: 0, likeness: 0.7 };
    for (let lag = Math.round(sampleRate / 400); lag < sampleRate / 60; lag++) {
      const likeness = correlation(frame.subarray(0, length), frame.subarray(lag, lag + length));
      if (likeness > best.likeness + 0.02) best = { lag, likeness };
    }
    if (best.lag > 0) pitches.push(sampleRate / best.lag);
  }
  return pitches.toSorted((a, b) => a - b)[Math.floor(pitches.length / 2)] ?? NaN;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, sample, i) => sum + sample * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1);
}

describe('the offline engine hears', () => {
  it('a sentence while it is said, and better and better', async () => {
    const { audio, words } = sentence('0920');
    const results = await say(audio);
    const partials = results.slice(0, -1).map(({ transcript }) => transcript.tentative);
    expect(results.slice(0, -1).every(({ transcript }) => transcript.committed === '')).toBe(true);
    const lengths = partials.map((text) => text.split(' ').length);
    expect(lengths.at(-1)).toBeGreaterThan(lengths[Math.floor(lengths.length / 2)] ?? Infinity);
    expect(wordErrors(words, final(results) ?? '')).toBeLessThanOrEqual(6);
    expect(results.at(-1)?.logprob).toBeLessThan(0);
  });

  it('the same whatever was heard before, and by whichever decoder', async () => {
    const { audio } = sentence('0930');
    const alone = final(await say(audio));
    const loud = sentence('0880').audio.map((sample) => sample * 3);
    const together = await Promise.all([say(loud), say(audio), say(loud), say(audio)]);
    expect(alone).not.toBe('');
    expect(final(together[1])).toBe(alone);
    expect(final(together[3])).toBe(alone);
  });

  it('nothing in silence, noise or no sound at all', async () => {
    let state = 1;
    const noise = new Float32Array(32_000).map(() => {
      state = (state * 16_807) % 2_147_483_647;
      return (state / 2_147_483_647 - 0.5) * 0.001;
    });
    expect(final(await say(new Float32Array(32_000)))).toBe('');
    expect(final(await say(new Float32Array(1)))).toBe('');
    const results = await say(noise, ['es']);
    expect(results.at(-1)?.translations).toHaveLength(1);
    const empty = { sequence: ++lastSequence, start: true, end: true, source: 'en', targets: [] };
    const nothing = await engine.speech({ ...empty, audio: new Float32Array(0) }, never);
    expect(nothing.transcript).toEqual({ committed: '', tentative: '' });
  });

  it('nothing of what is abandoned, which it counts, and hears the next at once', async () => {
    const { audio } = sentence('0930');
    const sequence = ++lastSequence;
    const begun = { sequence, start: true, end: false, source: 'en', targets: ['es'] };
    await engine.speech({ ...begun, audio: audio.subarray(0, 2 * PART) }, never);
    const none = new Float32Array(0);
    const rest = { ...begun, start: false, end: true, targets: [], audio: none, abandoned: true };
    expect(await engine.speech(rest, never)).toEqual({
      transcript: { committed: '', tentative: '' },
      translations: [],
      logprob: 0,
    });
    const late = engine.speech({ ...begun, start: false, audio: audio.subarray(0, PART) }, never);
    await expect(late).rejects.toMatchObject({ code: 'badRequest' });
    const { values } = await metrics.dropped.get();
    expect(values).toContainEqual(
      expect.objectContaining({ labels: { queue: 'utterances', reason: 'abandoned' }, value: 1 }),
    );
    expect(final(await say(audio))).not.toBe('');
  });
});

describe('the offline engine translates', () => {
  it('as the command line of Apertium does, into four languages', async () => {
    const results = await say(sentence('0880').audio, targets);
    const text = final(results) ?? '';
    expect(text).not.toBe('');
    expect(results.at(-1)?.translations).toEqual(
      targets.map((target) => ({ committed: apertium(modes[target], text), tentative: '' })),
    );
    expect(results.at(-2)?.translations[0]?.tentative).not.toBe('');
  });

  it('only what it can', async () => {
    const request = { sequence: 0, start: true, end: true, audio: new Float32Array(0) };
    const english = { ...request, source: 'en', targets: ['ru'] };
    const spanish = { ...request, source: 'es', targets: [] };
    await expect(engine.speech(english, never)).rejects.toMatchObject({ code: 'badRequest' });
    await expect(engine.speech(spanish, never)).rejects.toMatchObject({ code: 'badRequest' });
  });
});

describe('the offline engine speaks', () => {
  const text = 'Tuvo una mujer más amable';
  const speak = (voice: string, language = 'es') => engine.voice({ text, language, voice }, never);
  const loudness = (audio: Float32Array) =>
    Math.sqrt(audio.reduce((sum, x) => sum + x * x, 0) / audio.length);

  it.each(['es', 'ca', 'gl', 'eo', 'en'])('%s, audibly and without delay', async (language) => {
    const { audio, sampleRate } = await speak('female-1', language);
    const lengthMs = (audio.length / sampleRate) * 1_000;
    const usual = espeakLengthMs(language === 'gl' ? 'es' : language, text);
    expect(lengthMs).toBeGreaterThan(usual * 0.6);
    expect(lengthMs).toBeLessThan(usual * 1.4);
    expect(loudness(audio)).toBeGreaterThan(0.03);
    expect(loudness(audio.subarray(0, sampleRate / 50))).toBeGreaterThan(0.001);
  });

  it('with voices that are told apart by their pitch', async () => {
    const pitches = async (kind: string) =>
      Promise.all([0, 1, 2].map(async (n) => pitchHz(await speak(`${kind}-${n}`))));
    const men = await pitches('male');
    const women = await pitches('female');
    expect(Math.max(...men)).toBeLessThan(Math.min(...women));
    for (const [first = 0, second = 0, third = 0] of [men, women]) {
      const ratios = [first / second, first / third, second / third];
      expect(ratios.every((ratio) => Math.abs(Math.log(ratio)) > 0.05)).toBe(true);
    }
  });

  it('nothing for nothing', async () => {
    const silent = await engine.voice({ text: '', language: 'es', voice: 'male' }, never);
    expect(silent.audio).toEqual(new Float32Array(0));
  });
});

describe('the offline engine survives', () => {
  it('the death of its recogniser in the middle of an utterance', async () => {
    const { audio } = sentence('0880');
    const undisturbed = final(await say(audio));
    const results = await say(audio, [], async (part) => {
      if (part === 3) await killProgram('recogniser/program.ts');
    });
    expect(final(results)).toBe(undisturbed);
    expect(await restartsOf('recogniser')).toBe(1);
  });

  it('the death of any stage of a translator', async () => {
    const { audio } = sentence('0880');
    for (const stage of ['eng-spa.automorf', 'eng-spa.t1x', 'eng-spa.autopgen']) {
      const results = await say(audio, ['es'], async (part) => {
        if (part === 3) await killProgram(stage);
      });
      const text = final(results) ?? '';
      expect(results.at(-1)?.translations[0]?.committed).toBe(apertium('eng-spa', text));
    }
    expect(await restartsOf('translator-es')).toBe(3);
  });

  it('the death of its voice while it speaks', async () => {
    const request = { text: 'hola '.repeat(400), language: 'es', voice: 'male' };
    const spoken = engine.voice(request, never);
    await killProgram('voice/program.ts');
    expect((await spoken).audio.length).toBeGreaterThan(22_050 * 60);
    expect(await restartsOf('voice')).toBe(1);
  });
});

describe('the inference process', () => {
  it('leaves no process behind when it is shut down', async () => {
    const inference = await InferenceChild.start();
    await eventually(() => descendants(inference.pid).length > 50);
    const programs = descendants(inference.pid);
    await inference[Symbol.asyncDispose]();
    expect(alive(inference.pid)).toBe(false);
    expect(programs.filter(({ pid }) => alive(pid))).toEqual([]);
  });

  it('leaves no process behind when it is killed', async () => {
    const inference = await InferenceChild.start();
    await eventually(() => descendants(inference.pid).length > 50);
    const programs = descendants(inference.pid);
    process.kill(inference.pid, 'SIGKILL');
    await eventually(() => programs.every(({ pid }) => !alive(pid)));
  });
});
