import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ChildProgram } from '../../../../inference/process/child-program.ts';
import { eventually } from '../../../support/eventually.ts';
import { alive } from '../../../support/processes.ts';

const never = new AbortController().signal;
const LONG = 30_000;
const started: ChildProgram[] = [];

async function start(file = 'fake-child-program.ts', signal = never): Promise<ChildProgram> {
  const program = await ChildProgram.start(
    {
      file: new URL(`../../../support/${file}`, import.meta.url),
      settings: { greeting: 'hello' },
      startDeadlineMs: LONG,
      hungAfterBeats: 2,
    },
    signal,
  );
  started.push(program);
  return program;
}

afterEach(async () => {
  for (const program of started.splice(0)) {
    program.kill();
    await program.ended;
  }
});

describe('a child program', () => {
  it('answers many questions at once, each its own', async () => {
    const program = await start();
    const asked = ['a', 'b', 'c'].map((please) => program.ask({ please }, LONG));
    expect(await Promise.all(asked)).toEqual(['hello a', 'hello b', 'hello c']);
  });

  it('that cannot answer says why and lives on', async () => {
    const program = await start();
    await expect(program.ask({ please: 'refuse' }, LONG)).rejects.toMatchObject({
      code: 'failed',
      message: 'Error: I would rather not',
    });
    await expect(program.ask({ nonsense: 1 }, LONG)).rejects.toMatchObject({ code: 'failed' });
    expect(await program.ask({ please: 'again' }, LONG)).toBe('hello again');
  });

  it('that dies takes its open questions along, and those that come later', async () => {
    const program = await start();
    const open = program.ask({ please: 'hang' }, LONG);
    const last = program.ask({ please: 'die' }, LONG);
    await expect(open).rejects.toMatchObject({ code: 'unavailable' });
    await expect(last).rejects.toMatchObject({ code: 'unavailable' });
    await program.ended;
    await expect(program.ask({ please: 'x' }, LONG)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('that hangs is killed at the deadline', async () => {
    const program = await start();
    await expect(program.ask({ please: 'hang' }, 20)).rejects.toMatchObject({
      code: 'unavailable',
    });
    await program.ended;
  });

  it('whose answer takes long is left alone while it gives signs of life', async () => {
    const program = await start();
    expect(await program.ask({ please: 'ponder' }, LONG)).toBe('hello after two seconds');
  });

  it.each(['busy', 'idle'])(
    'that is stopped while it is %s is killed within seconds',
    async (how) => {
      const program = await start();
      const open = how === 'busy' ? program.ask({ please: 'hang' }, LONG) : undefined;
      const settled = open?.catch((error: unknown) => error);
      process.kill(program.pid ?? 0, 'SIGSTOP');
      await program.ended;
      if (open) expect(await settled).toMatchObject({ code: 'unavailable' });
    },
  );

  it('that ends before it is ready did not start', async () => {
    await expect(start('no-such-program.ts')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is not started when that is no longer wanted', async () => {
    await expect(start(undefined, AbortSignal.abort())).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('does not outlive its parent, however that ends', async () => {
    const parent = fork(new URL('../../../support/fake-orphan-maker.ts', import.meta.url));
    const pid = z.tuple([z.number()]).parse((await once(parent, 'message')).slice(0, 1))[0];
    expect(alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => !alive(pid));
  });
});
