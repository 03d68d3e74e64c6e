import { z } from 'zod';
import { answerParent, settings } from '../../inference/process/child-side.ts';

/** A child that echoes, says its pid, refuses, dies or hangs, as it is asked to. */

const { greeting } = settings(z.object({ greeting: z.string() }));

answerParent(z.object({ please: z.string() }), ({ please }) => {
  switch (please) {
    case 'die':
      return process.exit(1);
    case 'hang':
      return new Promise<never>(() => undefined);
    case 'refuse':
      throw new Error('I would rather not');
    default:
      return Promise.resolve(`${greeting} ${please}`);
  }
});
