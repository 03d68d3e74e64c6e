import { speakForParent } from '../../synthesize/voice-child.ts';
import { Espeak } from './espeak.ts';
import { saySchema } from './messages.ts';

/** The voice's process. espeak-ng keeps its state in globals, so texts are spoken in turn. */

const espeak = new Espeak();

speakForParent(saySchema, ({ text, ...voice }) =>
  Promise.resolve({ audio: espeak.speak(text, voice), sampleRate: espeak.sampleRate }),
);
