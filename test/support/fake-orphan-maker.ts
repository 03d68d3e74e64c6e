import { ChildProgram } from '../../inference/process/child-program.ts';

/** A process with a child program, to be killed: tells the child's pid and waits. */

const child = await ChildProgram.start(
  {
    file: new URL('fake-child-program.ts', import.meta.url),
    settings: { greeting: 'hello' },
    startDeadlineMs: 10_000,
  },
  new AbortController().signal,
);
process.send?.(child.pid);
