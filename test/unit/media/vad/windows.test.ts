import { describe, expect, it } from 'vitest';
import { Windower } from '../../../../media/vad/windows.ts';

const ramp = (from: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => from + at);

const frame = (position: number, length = 320, arrivedAt = position / 16) => ({
  position,
  samples: ramp(position, length),
  arrivedAt,
});

describe('Windower', () => {
  it('cuts 20 ms frames into windows of 512 samples without losing any', () => {
    const windower = new Windower();
    const windows = [0, 320, 640, 960, 1280].flatMap((at) => [...windower.push(frame(at))]);
    expect(windows.map(({ position }) => position)).toEqual([0, 512, 1024]);
    expect(windows[1]?.samples).toEqual(ramp(512, 512));
  });

  it('cuts a long frame into several', () => {
    const windows = new Windower().push(frame(0, 1100));
    expect(windows.map(({ position }) => position)).toEqual([0, 512]);
  });

  it('says that a window after a hole does not follow the one before', () => {
    const windower = new Windower();
    const windows = [0, 320, 640, 5000, 5320].flatMap((at) => [...windower.push(frame(at))]);
    expect(windows.map(({ position, follows }) => [position, follows])).toEqual([
      [0, false],
      [5000, false],
    ]);
  });

  it('dates a window by its last sample', () => {
    const windower = new Windower();
    windower.push(frame(0, 320, 100));
    const [window] = windower.push(frame(320, 320, 120));
    expect(window?.arrivedAt).toBe(120 - 128 / 16);
  });
});
