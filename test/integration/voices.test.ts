import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';
import { startVoices } from '../../inference/synthesize/start-voices.ts';
import type { VoiceEngine } from '../../inference/synthesize/voice-engine.ts';
import { ToyModel } from '../support/canary-model.ts';
import { eventually } from '../support/eventually.ts';
import { alive, descendants } from '../support/processes.ts';
import { TOY_RATE, TOY_VALUES, toyGraph } from '../support/supertonic-graphs.ts';
import { toyVoiceFiles } from '../support/supertonic-model.ts';

const never = new AbortController().signal;
const PROGRAM = 'synthesize/program.ts';
let metrics: InferenceMetrics;
let voices: VoiceEngine | undefined;

afterEach(async () => {
  await voices?.close();
  voices = undefined;
  await eventually(() => programs().length === 0);
});

async function start(voice: string, models = ''): Promise<VoiceEngine> {
  const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
  metrics = new InferenceMetrics();
  voices = await startVoices({
    options: { ...options, voice, models, logLevel: 'silent' },
    log: pino({ level: 'silent' }),
    metrics,
  });
  return voices;
}

const programs = () => descendants(process.pid).filter(({ command }) => command.includes(PROGRAM));

async function fallbacks(): Promise<number> {
  const { values } = await metrics.voiceFallbacks.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

/** Whether Supertonic has said it; espeak-ng's sound has another rate. */
async function saidBySupertonic(
  engine: VoiceEngine,
  language: string,
  text = 'A',
): Promise<boolean> {
  const { audio, sampleRate } = await engine.speak({ text, language, voice: 'male-1' }, never);
  expect(audio.length).toBeGreaterThan(0);
  return sampleRate === TOY_RATE;
}

async function untilSupertonicSpeaks(engine: VoiceEngine): Promise<void> {
  while (!(await saidBySupertonic(engine, 'en')));
}

describe('voices with a model of Supertonic’s form', () => {
  test('speak by it, and by espeak-ng where it does not know the language', async () => {
    await using model = await ToyModel.create(toyVoiceFiles());
    const engine = await start(model.directory);
    await untilSupertonicSpeaks(engine);
    expect(await saidBySupertonic(engine, 'ru', 'Доброе утро')).toBe(true);
    expect(await saidBySupertonic(engine, 'mt', 'Bonġu')).toBe(false);
    expect(engine.ready()).toBe(true);
  });

  test('lose no text when its process dies, and speak by it again when it is back', async () => {
    await using model = await ToyModel.create(toyVoiceFiles());
    const engine = await start(model.directory);
    await untilSupertonicSpeaks(engine);
    const before = await fallbacks();
    const [victim] = programs();
    if (victim === undefined) throw new Error('no process');
    process.kill(victim.pid, 'SIGKILL');
    expect(await saidBySupertonic(engine, 'en')).toBe(false);
    await eventually(() => !alive(victim.pid));
    expect(await fallbacks()).toBeGreaterThan(before);
    await untilSupertonicSpeaks(engine);
  });

  test('leave to espeak-ng what would wait too long', async () => {
    await using model = await ToyModel.create(toyVoiceFiles());
    const engine = await start(model.directory);
    await untilSupertonicSpeaks(engine);
    const { queue } = defaults.inference.supertonic;
    const all = await Promise.all(
      Array.from({ length: queue + 5 }, () => saidBySupertonic(engine, 'en', 'Wait for me.')),
    );
    expect(all.filter((said) => said)).toHaveLength(queue);
  });

  test('say nothing of a text that is no longer wanted, and go on with the next', async () => {
    await using model = await ToyModel.create(toyVoiceFiles());
    const engine = await start(model.directory);
    await untilSupertonicSpeaks(engine);
    const leaving = new AbortController();
    const long = { text: 'word '.repeat(1500), language: 'en', voice: 'male' };
    const spoken = engine.speak(long, leaving.signal);
    const next = saidBySupertonic(engine, 'en');
    leaving.abort(new Error('gone'));
    await expect(spoken).rejects.toThrow('gone');
    expect(await next).toBe(true);
  });

  test('speak by espeak-ng for as long as its graphs cannot be used', async () => {
    const files = toyVoiceFiles();
    const { inputs, outputs } = TOY_VALUES.vocoder;
    const extra = { name: 'speaker', type: 'int64', shape: [1] } as const;
    files.set('onnx/vocoder.onnx', toyGraph('vocoder', { inputs: [...inputs, extra], outputs }));
    await using model = await ToyModel.create(files);
    const engine = await start(model.directory);
    expect(await saidBySupertonic(engine, 'en')).toBe(false);
    expect(engine.ready()).toBe(true);
    expect(await fallbacks()).toBe(1);
  });

  test('do not start with a folder that is not whole, naming the file', async () => {
    const files = toyVoiceFiles();
    files.delete('voice_styles/F4.json');
    await using model = await ToyModel.create(files);
    await expect(start(model.directory)).rejects.toThrow(/voice_styles\/F4\.json: is missing/);
  });
});

describe('voices of the catalogue', () => {
  test('that are not here are refused by name, and done without by auto', async () => {
    await using empty = await ToyModel.create(new Map([['README.md', '']]));
    await expect(start('supertonic-3', empty.directory)).rejects.toThrow(/supertonic-3 is not in/);
    await expect(start('no-such-voice', empty.directory)).rejects.toThrow(/no-such-voice/);
    const engine = await start('auto', empty.directory);
    expect(await saidBySupertonic(engine, 'en')).toBe(false);
    expect(programs()).toEqual([]);
  });
});
