import { beforeEach, describe, expect, it } from 'vitest';
import type { Ask } from '../../../../inference/offline/recogniser/messages.ts';
import { Utterance } from '../../../../inference/offline/recogniser/utterance.ts';
import type { AnsweringProgram } from '../../../../inference/process/child-program.ts';
import { Slots } from '../../../../inference/process/slots.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';

/** Understands every sample as a word; dies when asked for the n-th time. */
class FakeRecogniser implements AnsweringProgram {
  readonly #end = Promise.withResolvers<undefined>();
  readonly hung = false;
  readonly ended: Promise<void> = this.#end.promise;
  readonly asked: Ask[] = [];
  readonly #diesAt: number;
  #words: number[] = [];

  constructor(diesAt = Infinity) {
    this.#diesAt = diesAt;
  }

  ask(question: Ask): Promise<unknown> {
    this.asked.push(question);
    if (this.asked.length >= this.#diesAt) {
      this.kill();
      return Promise.reject(new InferenceError('unavailable', 'died'));
    }
    if (question.type === 'forget') return Promise.resolve(null);
    this.#words = [...(question.start ? [] : this.#words), ...question.audio];
    return Promise.resolve({ text: this.#words.join(' '), logprob: 0, decodeMs: 1, finishMs: 1 });
  }

  kill(): void {
    this.#end.resolve(undefined);
  }
}

let programs: FakeRecogniser[];
let slots: Slots;
const gauge = {
  setLength: () => undefined,
  dropped: () => undefined,
  waits: () => () => undefined,
};

beforeEach(() => {
  slots = new Slots(1, 1, gauge);
});

/** Programs take over from each other in this order. */
function open(...lives: FakeRecogniser[]): Utterance {
  programs = lives;
  return new Utterance({
    sequence: 1,
    slot: slots.take(),
    supervisor: {
      current: async () => {
        for (const program of programs) {
          const isGone = await Promise.race([program.ended.then(() => true), tick(false)]);
          if (!isGone) return program;
        }
        throw new InferenceError('unavailable', 'none left');
      },
    },
    deadlineMs: 1_000,
    maxMs: 1_000,
    onHeard: () => undefined,
  });
}

async function tick<T>(value: T): Promise<T> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
  return value;
}

const audio = (...samples: number[]) => Float32Array.from(samples);
const hears = (recogniser: FakeRecogniser | undefined) =>
  recogniser?.asked.map((ask) => (ask.type === 'hear' ? [...ask.audio] : ask.type));

describe('an utterance', () => {
  it('is given to the recogniser part by part', async () => {
    const utterance = open(new FakeRecogniser());
    expect(await utterance.hear(audio(1), false)).toMatchObject({ text: '1' });
    expect(await utterance.hear(audio(2, 3), false)).toMatchObject({ text: '1 2 3' });
    expect(await utterance.hear(audio(4), true)).toMatchObject({ text: '1 2 3 4' });
    expect(hears(programs[0])).toEqual([[1], [2, 3], [4]]);
  });

  it('may begin and end without any sound', async () => {
    const utterance = open(new FakeRecogniser());
    await utterance.hear(audio(), false);
    expect(await utterance.hear(audio(), true)).toMatchObject({ text: '' });
    expect(programs[0]?.asked).toMatchObject([
      { start: true, end: false },
      { start: false, end: true },
    ]);
  });

  it('is said again as a whole when the recogniser dies in the middle', async () => {
    const utterance = open(new FakeRecogniser(2), new FakeRecogniser());
    await utterance.hear(audio(1), false);
    expect(await utterance.hear(audio(2), false)).toMatchObject({ text: '1 2' });
    expect(await utterance.hear(audio(3), true)).toMatchObject({ text: '1 2 3' });
    expect(hears(programs[1])).toEqual([[1, 2], [3]]);
  });

  it('is said again when the recogniser died between two parts', async () => {
    const utterance = open(new FakeRecogniser(), new FakeRecogniser());
    await utterance.hear(audio(1), false);
    programs[0]?.kill();
    expect(await utterance.hear(audio(2), true)).toMatchObject({ text: '1 2' });
  });

  it('has failed when two recognisers died under it', async () => {
    const utterance = open(new FakeRecogniser(2), new FakeRecogniser(1), new FakeRecogniser());
    await utterance.hear(audio(1), false);
    await expect(utterance.hear(audio(2), true)).rejects.toMatchObject({ code: 'failed' });
    expect(programs[2]?.asked).toEqual([]);
  });

  it('waits for a decoder without making the speaker wait, and loses nothing', async () => {
    const other = slots.take();
    const utterance = open(new FakeRecogniser());
    expect(await utterance.hear(audio(1), false)).toEqual({ text: '', logprob: 0 });
    const final = utterance.hear(audio(2), true);
    await tick(undefined);
    expect(programs[0]?.asked).toEqual([]);
    other.release();
    expect(await final).toMatchObject({ text: '1 2' });
  });

  it('gives its decoder back at its end, and when it is given up', async () => {
    await open(new FakeRecogniser()).hear(audio(1), true);
    const second = open(new FakeRecogniser());
    await second.hear(audio(1), false);
    await second.forget();
    expect(hears(programs[0])).toEqual([[1], 'forget']);
    expect(slots.take().granted).toBe(true);
  });

  it('can be given up while it waits, and after the recogniser died', async () => {
    const other = slots.take();
    const waiting = open(new FakeRecogniser());
    const final = waiting.hear(audio(1), true);
    await waiting.forget();
    await expect(final).rejects.toMatchObject({ code: 'unavailable' });
    other.release();
    const orphan = open(new FakeRecogniser(2));
    await orphan.hear(audio(1), false);
    await orphan.forget();
    expect(slots.take().granted).toBe(true);
  });

  it('is refused beyond its longest duration', async () => {
    const utterance = open(new FakeRecogniser());
    await utterance.hear(new Float32Array(16_000), false);
    await expect(utterance.hear(audio(1), false)).rejects.toMatchObject({ code: 'badRequest' });
  });
});
