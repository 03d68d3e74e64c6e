import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Supervisor, type Program } from '../../../../inference/process/supervisor.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { eventually } from '../../../support/eventually.ts';

class FakeProgram implements Program {
  readonly #end = Promise.withResolvers<undefined>();
  readonly ended: Promise<void> = this.#end.promise;
  hung = false;

  hang(): void {
    this.hung = true;
    this.kill();
  }

  kill(): void {
    this.#end.resolve(undefined);
  }
}

/** A supervisor whose programs the test sees, and ends. */
function stage({ patienceMs = 5_000, failStarts = 0 } = {}) {
  const programs: FakeProgram[] = [];
  const restarts: string[] = [];
  let starts = 0;
  const supervisor = Supervisor.start<FakeProgram>({
    name: 'parrot',
    log: pino({ level: 'silent' }),
    backoffMs: 1,
    maxBackoffMs: 5,
    patienceMs,
    onRestart: (name, why) => restarts.push(`${name} ${why}`),
    start: () => {
      if (++starts <= failStarts) return Promise.reject(new Error('not today'));
      const program = new FakeProgram();
      programs.push(program);
      return Promise.resolve(program);
    },
  });
  return { supervisor, programs, restarts };
}

const died = () => new InferenceError('unavailable', 'died');

describe('a supervised program', () => {
  it('is started again each time it dies, and counted', async () => {
    const { supervisor, programs, restarts } = stage();
    for (let life = 1; life <= 4; life++) {
      await eventually(() => programs.length === life && supervisor.running);
      expect(await supervisor.current()).toBe(programs.at(-1));
      programs.at(-1)?.kill();
    }
    await eventually(() => restarts.length === 4);
    await supervisor.close();
  });

  it('that hung is counted apart from one that ended', async () => {
    const { supervisor, programs, restarts } = stage();
    for (const end of ['hang', 'kill'] as const) {
      (await supervisor.current())[end]();
      await eventually(() => !supervisor.running);
    }
    await eventually(() => restarts.length === 2);
    expect(restarts).toEqual(['parrot hung', 'parrot ended']);
    expect(programs.length).toBeGreaterThanOrEqual(2);
    await supervisor.close();
  });

  it('that cannot start is tried until it can', async () => {
    const { supervisor, programs, restarts } = stage({ failStarts: 6 });
    expect(await supervisor.current()).toBe(programs[0]);
    expect(restarts).toHaveLength(6);
    await supervisor.close();
  });

  it('that does not come back in time is unavailable', async () => {
    const { supervisor } = stage({ patienceMs: 5, failStarts: Infinity });
    await expect(supervisor.current()).rejects.toMatchObject({ code: 'unavailable' });
    await supervisor.close();
  });

  it('is ended for good by close', async () => {
    const { supervisor, programs, restarts } = stage();
    await supervisor.current();
    await supervisor.close();
    await supervisor.close();
    expect(programs).toHaveLength(1);
    expect(restarts).toEqual([]);
    await expect(supervisor.current()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('work with a supervised program', () => {
  it('is done once more with the next program when the first dies under it', async () => {
    const { supervisor, programs } = stage();
    const answer = await supervisor.attempt((program) => {
      if (program !== programs[0]) return Promise.resolve('polly');
      program.kill();
      return Promise.reject(died());
    });
    expect(answer).toBe('polly');
    await supervisor.close();
  });

  it('has failed when two programs died under it', async () => {
    const { supervisor, programs } = stage();
    const attempt = supervisor.attempt((program) => {
      program.kill();
      return Promise.reject(died());
    });
    await expect(attempt).rejects.toMatchObject({ code: 'failed' });
    expect(programs.length).toBeGreaterThanOrEqual(2);
    await supervisor.close();
  });

  it('is not repeated when the program lives and refuses', async () => {
    const { supervisor } = stage();
    let asked = 0;
    const attempt = supervisor.attempt(() => {
      asked++;
      return Promise.reject(new InferenceError('failed', 'no'));
    });
    await expect(attempt).rejects.toMatchObject({ code: 'failed' });
    expect(asked).toBe(1);
    await supervisor.close();
  });
});
