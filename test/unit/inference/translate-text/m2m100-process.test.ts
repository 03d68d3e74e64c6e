import { pino } from 'pino';
import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaults } from '../../../../config/defaults.ts';
import { InferenceMetrics } from '../../../../inference/metrics.ts';
import { inferenceOptionsSchema } from '../../../../inference/options.ts';
import { M2M100Process } from '../../../../inference/translate-text/m2m100-process.ts';
import { eventually } from '../../../support/eventually.ts';
import { m2m100Files, ToyM2M100, toySays } from '../../../support/m2m100-model.ts';
import { alive, descendants } from '../../../support/processes.ts';

const never = new AbortController().signal;
const german = (text: string) => ({ text, source: 'en', targets: ['de'], lane: 'spoken' }) as const;
const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);

let toy: ToyM2M100;
let metrics: InferenceMetrics;
let translator: M2M100Process | undefined;

beforeEach(async () => {
  toy = await ToyM2M100.create();
  metrics = new InferenceMetrics();
});

afterEach(async () => {
  await translator?.close();
  translator = undefined;
  await toy[Symbol.asyncDispose]();
});

async function start(changes: Partial<typeof options> = {}): Promise<M2M100Process> {
  translator = await M2M100Process.start(toy.directory, {
    options: { ...options, logLevel: 'silent', backoffMs: 10, ...changes },
    log: pino({ level: 'silent' }),
    metrics,
  });
  return translator;
}

/** The process of its own. */
function child(): number {
  const found = descendants(process.pid).find(({ command }) => command.includes(toy.directory));
  if (found === undefined) throw new Error('no process of its own');
  return found.pid;
}

async function counted(counter: 'hangs' | 'dropped'): Promise<number> {
  const { values } = await metrics[counter].get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

describe('M2M100 in a process of its own', { timeout: 30_000 }, () => {
  it('knows its languages before it is ready, and translates sentence by sentence', async () => {
    const m2m100 = await start();
    expect(m2m100.ready()).toBe(false);
    // Six of its eight languages are those of meetings.
    expect(m2m100.pairs).toHaveLength(6 * 5);
    await eventually(() => m2m100.ready());
    const text = 'Good day.\nIs it late? See https://example.org now';
    const targets = ['de', 'fr'];
    const expected = targets.map((target) => {
      const [day, late, see, now] = ['Good day.', 'Is it late?', 'See', 'now'].map((piece) =>
        toySays(piece, 'en', target),
      );
      return `${day}\n${late} ${see} https://example.org ${now}`;
    });
    expect(await m2m100.translate({ ...german(text), targets }, never)).toEqual(expected);
  });

  it('refuses one text more than may wait, and lets those go that nobody waits for', async () => {
    const m2m100 = await start({ translatorQueue: 1 });
    await eventually(() => m2m100.ready());
    const asker = new AbortController();
    const first = m2m100.translate(german('one'), never);
    const second = m2m100.translate(german('two'), asker.signal);
    await expect(m2m100.translate(german('three'), never)).rejects.toMatchObject({
      code: 'overloaded',
    });
    asker.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    expect(await first).toEqual([toySays('one', 'en', 'de')]);
    expect(await m2m100.translate(german('four'), never)).toEqual([toySays('four', 'en', 'de')]);
    expect(await counted('dropped')).toBe(2);
  });

  it('is killed when it hangs, and what it was asked is done by the next', async () => {
    const m2m100 = await start({ m2m100: { ...options.m2m100, runDeadlineMs: 500 } });
    await eventually(() => m2m100.ready());
    process.kill(child(), 'SIGSTOP');
    expect(await m2m100.translate(german('hello'), never)).toEqual([toySays('hello', 'en', 'de')]);
    expect(await counted('hangs')).toBe(1);
  });

  it('is gone when it is closed', async () => {
    const m2m100 = await start();
    await eventually(() => m2m100.ready());
    const pid = child();
    await m2m100.close();
    expect(alive(pid)).toBe(false);
    await expect(m2m100.translate(german('late'), never)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('that cannot load its model is never ready, and says so at each request', async () => {
    const files = m2m100Files();
    files.set('onnx/encoder_model_quantized.onnx', 'not a graph');
    await toy[Symbol.asyncDispose]();
    toy = await ToyM2M100.create(files);
    const m2m100 = await start({ patienceMs: 200 });
    await expect(m2m100.translate(german('hello'), never)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(m2m100.ready()).toBe(false);
  });
});
