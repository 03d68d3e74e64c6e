import { afterEach, describe, expect, test } from 'vitest';
import { BEAT_MS, Heartbeat } from '../../../server/heartbeat.ts';

/** A process that answers, or does not, and a clock that beats when told to. */
class Patient {
  readonly heartbeat: Heartbeat;
  asked = 0;
  hung = 0;
  beating = true;
  answer: () => Promise<unknown> = () => Promise.resolve();
  #beat: () => void = () => undefined;

  constructor(hungAfterBeats: number) {
    this.heartbeat = new Heartbeat({
      ask: () => {
        this.asked += 1;
        return this.answer();
      },
      hungAfterMs: hungAfterBeats * BEAT_MS,
      onHung: () => {
        this.hung += 1;
      },
      every: (_ms, beat) => {
        this.#beat = beat;
        return {
          [Symbol.dispose]: () => {
            this.beating = false;
          },
        };
      },
    });
  }

  /** Lets beats pass, each with time for an answer after it. */
  async beats(count: number): Promise<void> {
    for (let left = count; left > 0 && this.beating; left--) {
      this.#beat();
      await new Promise(setImmediate);
    }
  }
}

let patient: Patient;
const silence = () => new Promise<never>(() => undefined);
afterEach(() => {
  patient.heartbeat[Symbol.dispose]();
});

describe('a process', () => {
  test('that answers is asked at every beat and left alone', async () => {
    patient = new Patient(4);
    await patient.beats(100);
    expect(patient).toMatchObject({ asked: 100, hung: 0 });
    expect(patient.heartbeat.doubtful).toBe(false);
  });

  test('that answers nothing hangs, which is told once', async () => {
    patient = new Patient(4);
    await patient.beats(10);
    patient.answer = silence;
    await patient.beats(4);
    expect(patient.hung).toBe(0);
    expect(patient.heartbeat.doubtful).toBe(true);
    await patient.beats(10);
    expect(patient).toMatchObject({ hung: 1, beating: false, asked: 11 });
  });

  test('that answers late, but before the limit, does not', async () => {
    patient = new Patient(4);
    for (let time = 0; time < 5; time++) {
      const late = Promise.withResolvers<undefined>();
      patient.answer = () => late.promise;
      await patient.beats(4);
      late.resolve(undefined);
      await new Promise(setImmediate);
    }
    expect(patient).toMatchObject({ hung: 0, beating: true });
  });

  test('whose one answer was lost is asked again at the next beat', async () => {
    patient = new Patient(4);
    patient.answer = () => Promise.reject(new Error('connection reset'));
    await patient.beats(2);
    patient.answer = () => Promise.resolve();
    await patient.beats(1);
    expect(patient.asked).toBe(3);
    expect(patient.heartbeat.doubtful).toBe(false);
  });

  test('that only refuses to answer hangs as well', async () => {
    patient = new Patient(4);
    patient.answer = () => Promise.reject(new Error('connection refused'));
    await patient.beats(5);
    expect(patient.hung).toBe(1);
  });

  test('is not blamed for a stall of whoever asks, in which nothing beats', async () => {
    patient = new Patient(4);
    const late = Promise.withResolvers<undefined>();
    patient.answer = () => late.promise;
    await patient.beats(1);
    // A minute in which this process is stopped: one beat comes before the answer is read.
    await patient.beats(1);
    late.resolve(undefined);
    patient.answer = () => Promise.resolve();
    await patient.beats(4);
    expect(patient.hung).toBe(0);
  });
});
