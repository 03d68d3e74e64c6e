import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { answerParent, settings } from '../../inference/process/child-side.ts';

/** A child that echoes, ponders, refuses, dies or hangs, as it is asked to. */

const { greeting } = settings(z.object({ greeting: z.string() }));

answerParent(z.object({ please: z.string() }), ({ please }) => {
  switch (please) {
    case 'die':
      return process.exit(1);
    case 'hang':
      return new Promise<never>(() => undefined);
    case 'ponder':
      return setTimeout(2_000, `${greeting} after two seconds`);
    case 'refuse':
      throw new Error('I would rather not');
    default:
      return Promise.resolve(`${greeting} ${please}`);
  }
});
