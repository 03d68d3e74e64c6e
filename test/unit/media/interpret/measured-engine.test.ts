import { describe, expect, it } from 'vitest';
import { MeasuredEngine } from '../../../../media/interpret/measured-engine.ts';
import { Metrics } from '../../../../media/metrics.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { FakeEngine } from '../../../support/fake-inference.ts';

const signal = new AbortController().signal;
const speech = { source: 'en', targets: [], audio: new Float32Array(160) };

describe('a measured engine', () => {
  it('gives the answers of the engine and counts them by stage', async () => {
    const clock = new FakeClock();
    const metrics = new Metrics(clock);
    const engine = new MeasuredEngine(new FakeEngine(), metrics, clock);
    const part = { ...speech, sequence: 1, start: true, end: true };
    expect((await engine.speech(part, signal)).translations).toEqual([]);
    await engine.voice({ text: 'hola', language: 'es', voice: 'male-0' }, signal);
    await engine.identify({ audio: speech.audio, among: ['en', 'es'] }, signal);
    expect(metrics.stages).toMatchObject([
      { stage: 'recognise', in: 1, out: 1 },
      { stage: 'synthesise', in: 1, out: 1 },
      { stage: 'identify', in: 1, out: 1 },
    ]);
  });

  it('counts what the engine refuses by its code and hands the error on', async () => {
    const clock = new FakeClock();
    const metrics = new Metrics(clock);
    const refusing = Object.assign(new FakeEngine(), {
      voice: () => {
        clock.advance(40);
        return Promise.reject(new InferenceError('overloaded', 'too much'));
      },
    });
    const engine = new MeasuredEngine(refusing, metrics, clock);
    const request = { text: 'hola', language: 'es', voice: 'male-0' };
    await expect(engine.voice(request, signal)).rejects.toThrow('too much');
    expect(metrics.stages[1]).toEqual({
      stage: 'synthesise',
      in: 1,
      out: 0,
      dropped: { overloaded: 1 },
      slowestMs: 40,
    });
  });
});
