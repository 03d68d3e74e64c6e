import { expect, it } from 'vitest';
import { MeasuredVad } from '../../../../media/vad/measured-vad.ts';
import type { VadModel } from '../../../../media/vad/model.ts';
import { CountingMeter } from '../../../support/counting-meter.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const window = new Float32Array(512);

it('hands windows to the model and counts what is judged and what fails', async () => {
  const meter = new CountingMeter();
  let resets = 0;
  const answers = [Promise.resolve(0.7), Promise.reject(new Error('no memory'))];
  const model: VadModel = {
    open: () => ({
      probability: () => answers.shift() ?? Promise.resolve(0),
      reset: () => (resets += 1),
    }),
  };
  const stream = new MeasuredVad(model, meter, new FakeClock()).open();
  expect(await stream.probability(window, false)).toBe(0.7);
  await expect(stream.probability(window, false)).rejects.toThrow('no memory');
  stream.reset();
  expect(resets).toBe(1);
  expect([meter.received, meter.sent, meter.drops]).toEqual([2, 1, { failed: 1 }]);
});
