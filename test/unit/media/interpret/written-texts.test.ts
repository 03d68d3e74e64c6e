import { beforeEach, describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { WrittenTexts } from '../../../../media/interpret/written-texts.ts';
import { Metrics } from '../../../../media/metrics.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeEngine } from '../../../support/fake-inference.ts';

const hello = { text: 'hello', source: 'en', targets: ['es', 'ca'] };

let engine: FakeEngine;
let metrics: Metrics;

beforeEach(() => {
  engine = new FakeEngine();
  metrics = new Metrics(new FakeClock());
});

function create(textTimeoutMs = 10_000): WrittenTexts {
  return new WrittenTexts({
    ...{ engine, clock: new FakeClock(), options: { textQueue: 2, textTimeoutMs } },
    meter: metrics.stage('translate'),
  });
}

const counted = () => metrics.stages.find(({ stage }) => stage === 'translate');

describe('written texts', () => {
  it('come back in each language, in the order asked for', async () => {
    expect(await create().translate(hello)).toEqual(['es: hello', 'ca: hello']);
    expect(engine.textRequests).toEqual([hello]);
    expect(counted()).toMatchObject({ in: 1, out: 1, dropped: {} });
  });

  it('are refused, and counted, when as many as may be are under way', async () => {
    const texts = create();
    const release = engine.holdText();
    const under = [texts.translate(hello), texts.translate(hello)];
    await expect(texts.translate(hello)).rejects.toMatchObject({ code: 'overloaded' });
    release();
    await Promise.all(under);
    await texts.translate(hello);
    expect(counted()).toMatchObject({ in: 4, out: 3, dropped: { overloaded: 1 } });
  });

  it('fail for the engine’s reason, and make room', async () => {
    const texts = create();
    engine.failText(
      new InferenceError('badRequest', 'not translated'),
      new InferenceError('failed', 'it died'),
      new InferenceError('unavailable', 'it is gone'),
    );
    await expect(texts.translate(hello)).rejects.toThrow('not translated');
    await expect(texts.translate(hello)).rejects.toThrow('it died');
    await expect(texts.translate(hello)).rejects.toThrow('it is gone');
    expect(await texts.translate(hello)).toHaveLength(2);
  });

  it('are given up when they take too long', async () => {
    engine.holdText();
    await expect(create(20).translate(hello)).rejects.toMatchObject({
      code: 'failed',
      message: 'the text took too long',
    });
    expect(counted()).toMatchObject({ dropped: { failed: 1 } });
  });

  it('end with the process', async () => {
    const texts = create();
    engine.holdText();
    const under = texts.translate(hello);
    texts.close();
    await expect(under).rejects.toBeDefined();
    await expect(texts.translate(hello)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
