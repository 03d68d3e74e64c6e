import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../../../../inference/metrics.ts';
import type { CanaryOptions } from '../../../../inference/translate/options.ts';
import { CanarySpeech } from '../../../../inference/translate/speech.ts';
import { toyEncoder } from '../../../support/canary-graphs.ts';
import { toyFiles, ToyModel } from '../../../support/canary-model.ts';
import { canaryOptions } from '../../../support/canary-options.ts';
import { eventually } from '../../../support/eventually.ts';
import { descendants } from '../../../support/processes.ts';
import { sentence } from '../../../support/speech.ts';

const never = new AbortController().signal;
const whole = { sequence: 1, start: true, end: true, source: 'en', targets: ['de'] };
const SECOND = 16_000;
const { audio } = sentence('0880');

async function stage(
  files: ReadonlyMap<string, string | Uint8Array>,
  changes: Partial<CanaryOptions> = {},
) {
  const model = await ToyModel.create(files);
  const metrics = new InferenceMetrics();
  const options = { ...canaryOptions(model.directory), ...changes };
  const speech = await CanarySpeech.create({ options, log: pino({ level: 'silent' }), metrics });
  await eventually(() => speech.ready());
  return {
    speech,
    restarts: async () => (await metrics.restarts.get()).values[0]?.value ?? 0,
    hangs: async () => (await metrics.hangs.get()).values[0]?.value ?? 0,
    /** The process of now; 0: none. */
    pid: () =>
      descendants(process.pid).find(({ command }) => command.includes(model.directory))?.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await speech.close();
      await model[Symbol.asyncDispose]();
    },
  };
}

describe('Canary’s process', { timeout: 60_000 }, () => {
  it('that hangs in a run is killed at its deadline, and the run is done once more', async () => {
    await using canary = await stage(toyFiles('v2', { kind: 'never' }), { runDeadlineMs: 1000 });
    const undisturbed = await canary.speech.speech({ ...whole, audio }, never);
    const hung = canary.pid();
    const asked = canary.speech.speech({ ...whole, sequence: 2, audio }, never);
    process.kill(hung, 'SIGSTOP');
    expect(await asked).toEqual(undisturbed);
    expect(canary.pid()).not.toBe(hung);
    expect(await canary.hangs()).toBe(1);
  });

  it('that dies each time fails that call alone, with a clear error after one retry', async () => {
    await using canary = await stage(toyFiles('v2', { kind: 'never' }));
    const asked = canary.speech.speech({ ...whole, audio }, never);
    const failed = expect(asked).rejects.toMatchObject({
      code: 'failed',
      message: 'the canary died twice',
    });
    const first = canary.pid();
    process.kill(first, 'SIGKILL');
    await eventually(() => canary.speech.ready() && ![0, first].includes(canary.pid()));
    process.kill(canary.pid(), 'SIGKILL');
    await failed;
    const later = await canary.speech.speech({ ...whole, sequence: 2, audio }, never);
    expect(later.translations[0]?.committed).not.toBe('');
  });

  it('out of memory ends, and others are heard by the next', async () => {
    const files = toyFiles('v2');
    files.set('encoder-model.int8.onnx', toyEncoder({ greedy: true }));
    await using canary = await stage(files);
    const before = canary.pid();
    const long = new Float32Array(10 * SECOND).fill(0.1);
    await expect(canary.speech.speech({ ...whole, audio: long }, never)).rejects.toMatchObject({
      code: 'failed',
      message: 'the canary died twice',
    });
    const short = audio.subarray(0, 2 * SECOND);
    const said = await canary.speech.speech({ ...whole, sequence: 2, audio: short }, never);
    expect(said.translations[0]?.committed).not.toBe('');
    expect(canary.pid()).not.toBe(before);
    expect(await canary.restarts()).toBe(2);
  });
});
