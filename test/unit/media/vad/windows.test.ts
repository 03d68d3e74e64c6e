import { describe, expect, it } from 'vitest';
import { Windower } from '../../../../media/vad/windows.ts';

const ramp = (from: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => from + at);

const frame = (position: number, length = 320, arrivedAt = position / 16) => ({
  position,
  samples: ramp(position, length),
  silent: false,
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

  it('calls a window silent only when all of it is', () => {
    const windower = new Windower();
    const silence = (position: number, length: number) => ({
      ...frame(position, length),
      silent: true,
    });
    const frames = [frame(0, 500), silence(500, 524), silence(1024, 512), frame(1536, 512)];
    const windows = frames.flatMap((one) => [...windower.push(one)]);
    expect(windows.map(({ silent }) => silent)).toEqual([false, true, true, false]);
  });

  it('keeps windows when the memory of their frames is used again', () => {
    const windower = new Windower();
    const memory = ramp(0, 512);
    const [window] = windower.push({ ...frame(0, 512), samples: memory });
    memory.fill(0);
    expect(window?.samples).toEqual(ramp(0, 512));
  });
});
