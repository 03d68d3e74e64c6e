import { beforeEach, describe, expect, test } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { PatientEngine } from '../../../../media/files/patient-engine.ts';
import { Turns } from '../../../../media/files/turns.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeEngine } from '../../../support/fake-inference.ts';

const text = { text: 'Hello', source: 'en', targets: ['es'] };
let clock: FakeClock;
let engine: FakeEngine | undefined;
let waits: number;
let patient: PatientEngine;

beforeEach(() => {
  clock = new FakeClock();
  engine = new FakeEngine();
  waits = 0;
  patient = new PatientEngine({
    ...{ clock, engineRequests: 1, patienceMs: 10_000 },
    engine: () => engine,
    onWait: () => (waits += 1),
  });
});

const asking = () => new AbortController();

describe('a request of a file', () => {
  test.each(['unavailable', 'overloaded'] as const)(
    'waits while the engine is %s',
    async (code) => {
      engine?.failText(new InferenceError(code, 'later'), new InferenceError(code, 'later'));
      const answer = patient.text(text, asking().signal);
      for (const ms of [250, 500]) {
        await eventually(() => clock.pending === 1);
        clock.advance(ms);
      }
      expect(await answer).toEqual({ translations: ['es: Hello'] });
      expect(waits).toBe(2);
    },
  );

  test('waits for an engine that has not come yet', async () => {
    const late = engine;
    engine = undefined;
    const answer = patient.text(text, asking().signal);
    await eventually(() => clock.pending === 1);
    engine = late;
    clock.advance(250);
    expect(await answer).toEqual({ translations: ['es: Hello'] });
  });

  test('is given up when patience is over', async () => {
    engine = undefined;
    const answer = patient.text(text, asking().signal);
    const outcome = expect(answer).rejects.toMatchObject({ code: 'unavailable' });
    // 250 + 500 + 1,000 + 2,000 + 4,000 ms, and the next pause would be longer than is left.
    for (const ms of [250, 500, 1_000, 2_000, 4_000]) {
      await eventually(() => clock.pending === 1);
      clock.advance(ms);
    }
    await outcome;
    expect(waits).toBe(5);
  });

  test.each(['badRequest', 'failed'] as const)('%s is an answer', async (code) => {
    engine?.failText(new InferenceError(code, 'no'));
    await expect(patient.text(text, asking().signal)).rejects.toMatchObject({ code });
    expect(waits).toBe(0);
  });

  test('ends with its signal, also while it waits', async () => {
    engine = undefined;
    const gone = asking();
    const answer = patient.text(text, gone.signal);
    const outcome = expect(answer).rejects.toThrow('gone');
    await eventually(() => clock.pending === 1);
    gone.abort(new Error('gone'));
    await outcome;
    expect(clock.pending).toBe(0);
  });
});

describe('turns', () => {
  test('so many are in at once, and the others come in order', async () => {
    const turns = new Turns(2);
    const done: number[] = [];
    const doors = [0, 1, 2, 3].map(() => Promise.withResolvers<undefined>());
    const all = doors.map(({ promise }, index) =>
      turns.take(async () => {
        await promise;
        done.push(index);
      }, asking().signal),
    );
    await eventually(() => turns.waiting === 2);
    for (const index of [1, 0, 3, 2]) {
      doors[index]?.resolve(undefined);
      await all[index];
    }
    expect(done).toEqual([1, 0, 3, 2]);
    expect(turns.waiting).toBe(0);
  });

  test('who gives up leaves the line, and work that fails makes room', async () => {
    const turns = new Turns(1);
    const first = Promise.withResolvers<undefined>();
    const failing = turns.take(() => first.promise, asking().signal);
    const gone = asking();
    const waiting = turns.take(() => Promise.resolve('never'), gone.signal);
    const last = turns.take(() => Promise.resolve('last'), asking().signal);
    await eventually(() => turns.waiting === 2);
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    first.reject(new Error('failed'));
    await expect(failing).rejects.toThrow('failed');
    expect(await last).toBe('last');
  });
});
