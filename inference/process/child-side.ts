import koffi, { type KoffiFunc } from 'koffi';
import { z } from 'zod';
import { isOutOfMemory } from './out-of-memory.ts';

const asked = z.union([
  z.object({ ping: z.literal(true) }),
  z.object({ id: z.number(), question: z.unknown() }),
]);

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/** The settings that the parent passed as the one argument. */
export function settings<T>(schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(process.argv[2] ?? 'null'));
}

/** Memory that ran out does not come back in this process: the parent starts another and asks that. */
function endForLackOfMemory(error: unknown): void {
  process.stderr.write(`out of memory, ending to be started again: ${String(error)}\n`, () => {
    process.kill(process.pid, 'SIGKILL');
  });
}

/**
 * The child's half of ChildProgram: tells the parent that it is ready, gives signs of life and answers
 * what is asked. Out of memory, it ends.
 * The child leaves the stage to its parent: it ignores Ctrl-C, and cannot outlive the parent even
 * when a native call hangs.
 */
export function answerParent<T>(
  question: z.ZodType<T>,
  answer: (asked: T) => Promise<unknown>,
): void {
  const end = () => {
    process.kill(process.pid, 'SIGKILL');
  };
  process.on('SIGINT', () => undefined);
  process.on('disconnect', end);
  // A message that the parent was no longer there for.
  process.on('error', end);
  const prctl: KoffiFunc<(option: number, signal: number) => number> = koffi
    .load('libc.so.6')
    .func('int prctl(int option, unsigned long signal)');
  prctl(PR_SET_PDEATHSIG, SIGKILL);

  process.on('message', (message) => {
    const heard = asked.parse(message);
    if ('ping' in heard) {
      process.send?.({ alive: true });
      return;
    }
    const { id, question: raw } = heard;
    const reply = async () => answer(question.parse(raw));
    reply().then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => {
        if (isOutOfMemory(error)) endForLackOfMemory(error);
        else process.send?.({ id, error: String(error) });
      },
    );
  });
  if (process.connected) process.send?.({ ready: true });
  else end();
}
