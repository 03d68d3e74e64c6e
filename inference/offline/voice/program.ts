import { answerParent } from '../../process/child-side.ts';
import { Espeak } from './espeak.ts';
import { saySchema } from './messages.ts';

/** The voice's process. espeak-ng keeps its state in globals, so texts are spoken in turn. */

const espeak = new Espeak();

answerParent(saySchema, ({ text, ...voice }) =>
  Promise.resolve({ audio: espeak.speak(text, voice), sampleRate: espeak.sampleRate }),
);
