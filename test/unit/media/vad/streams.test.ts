import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../config/defaults.ts';
import { UtteranceDetector } from '../../../../media/vad/detector.ts';
import type { VadModel } from '../../../../media/vad/model.ts';
import { SileroVad } from '../../../../media/vad/silero.ts';
import { Windower } from '../../../../media/vad/windows.ts';
import type { Window } from '../../../../media/vad/windows.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { librivox } from '../../../support/speech.ts';

const recordings = librivox().map(({ audio }) => audio);

type Part =
  /** A stretch of a recording. */
  | { readonly of: number; readonly seconds: number }
  /** Silence that the sender announces, frame by frame. */
  | { readonly dtx: number }
  /** Nothing comes at all. */
  | { readonly muted: number };

/** Frames of 20 ms from `startMs` on, cut into windows as in a call. */
function windowsOf(startMs: number, parts: readonly Part[]): readonly Window[] {
  const windower = new Windower();
  const windows: Window[] = [];
  let position = 0;
  const hear = (audio: Float32Array, silent: boolean): void => {
    for (let at = 0; at + 320 <= audio.length; at += 320) {
      const samples = audio.subarray(at, at + 320);
      position += 320;
      const arrivedAt = startMs + position / 16;
      windows.push(...windower.push({ position: position - 320, samples, silent, arrivedAt }));
    }
  };
  for (const part of parts) {
    if ('of' in part)
      hear((recordings[part.of] ?? new Float32Array()).subarray(0, part.seconds * 16_000), false);
    else if ('dtx' in part) hear(new Float32Array(part.dtx * 16_000), true);
    else position += part.muted * 16_000;
  }
  return windows;
}

/** One stream of a model: what its detector makes of the windows it is given. */
class Listener {
  readonly events: string[] = [];
  readonly #stream;
  readonly #detector = new UtteranceDetector(defaults.media);
  #done: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(model: VadModel) {
    this.#stream = model.open();
  }

  /** Whether windows wait to be judged. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  hear(window: Window): void {
    this.#waiting += 1;
    this.#done = this.#done.then(async () => {
      if (!window.follows) this.#stream.reset();
      const probability = await this.#stream.probability(window.samples, window.silent);
      for (const event of this.#detector.push({ ...window, probability })) {
        if (event.type === 'start') this.events.push(`start ${event.startedAt}`);
        if (event.type === 'pause') this.events.push(`pause ${window.arrivedAt}`);
        if (event.type === 'end') this.events.push(`${event.reason} ${event.speechEndedAt}`);
      }
      this.#waiting -= 1;
    });
  }

  async finished(): Promise<readonly string[]> {
    await this.#done;
    return this.events;
  }
}

async function alone(windows: readonly Window[]): Promise<readonly string[]> {
  await using model = await SileroVad.create();
  const listener = new Listener(model);
  for (const window of windows) listener.hear(window);
  return await listener.finished();
}

/** All streams on one model, each window at its time. */
async function together(streams: readonly (readonly Window[])[], gatherMs: number) {
  const clock = new FakeClock();
  await using model = await SileroVad.create({ clock, gatherMs });
  const listeners = streams.map(() => new Listener(model));
  const arrivals = streams
    .flatMap((windows, stream) => windows.map((window) => ({ window, stream })))
    .sort((a, b) => a.window.arrivedAt - b.window.arrivedAt);
  for (const { window, stream } of arrivals) {
    while (clock.now() < window.arrivedAt) {
      clock.advance(Math.min(1, window.arrivedAt - clock.now()));
      await setImmediate();
    }
    listeners[stream]?.hear(window);
  }
  const finished = Promise.all(listeners.map((listener) => listener.finished()));
  await eventually(() => {
    clock.advance(1);
    return listeners.every(({ busy }) => !busy);
  });
  return { events: await finished, runs: model.runs };
}

const CALL = [
  windowsOf(0, [{ of: 0, seconds: 4 }, { dtx: 3 }, { of: 2, seconds: 4 }, { dtx: 1 }]),
  windowsOf(3, [{ of: 1, seconds: 3 }, { dtx: 0.3 }, { of: 3, seconds: 5 }, { dtx: 2 }]),
  // Joins late.
  windowsOf(4007, [{ of: 4, seconds: 3 }, { dtx: 1 }, { of: 0, seconds: 3 }]),
  // Leaves in the middle of a word.
  windowsOf(11, [{ dtx: 1 }, { of: 3, seconds: 2.5 }]),
  // Muted for a while.
  windowsOf(17, [{ of: 2, seconds: 2 }, { muted: 4 }, { of: 2, seconds: 4 }, { dtx: 1 }]),
  windowsOf(19, [{ dtx: 12 }]),
];

describe('streams that share one model', () => {
  it('are cut exactly as each would be by a model of its own, in fewer runs', async () => {
    const apart = await Promise.all(CALL.map(alone));
    const { events, runs } = await together(CALL, 10);
    expect(events).toEqual(apart);
    expect(apart.map((of) => of.length > 0)).toEqual([true, true, true, true, true, false]);
    const heard = CALL.flat().filter(({ silent }) => !silent).length;
    expect(runs).toBeLessThan(0.8 * heard);
  });

  it('are cut the same when nobody waits for anybody', async () => {
    const apart = await Promise.all(CALL.map(alone));
    expect((await together(CALL, 0)).events).toEqual(apart);
  });
});

describe('announced silence', () => {
  it('takes no run after its first half second', async () => {
    const short = await together([windowsOf(0, [{ of: 0, seconds: 1 }, { dtx: 0.6 }])], 10);
    const long = await together([windowsOf(0, [{ of: 0, seconds: 1 }, { dtx: 30 }])], 10);
    expect(long.runs).toBe(short.runs);
  });

  it('still ends the utterance before it', async () => {
    const [events] = (await together([windowsOf(0, [{ of: 0, seconds: 3 }, { dtx: 1 }])], 10))
      .events;
    expect(events?.at(-1)).toMatch(/^silence /);
  });

  it('is forgotten: speech after it is found where it is without it', async () => {
    const paused = windowsOf(0, [{ of: 0, seconds: 3 }, { dtx: 25.6 }, { of: 1, seconds: 3 }]);
    const brief = windowsOf(0, [{ of: 0, seconds: 3 }, { dtx: 0.64 }, { of: 1, seconds: 3 }]);
    const late = 25_600 - 640;
    const moved = (events: readonly string[] = []) =>
      events
        .map((event) => event.split(' '))
        .map(([what, at]) => [what, Number(at)] as const)
        .filter(([, at]) => at > 4000);
    const after = moved((await together([paused], 10)).events[0]);
    const soon = (await together([brief], 10)).events[0]?.slice(-after.length);
    expect(after.map(([what, at]) => `${what} ${at - late}`)).toEqual(soon);
  });
});
