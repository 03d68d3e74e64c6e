import { pino } from 'pino';
import { settings } from '../process/child-side.ts';
import { saySchema, settingsSchema } from './supertonic-messages.ts';
import { Supertonic } from './supertonic.ts';
import { speakForParent } from './voice-child.ts';

/**
 * Supertonic's process: ONNX Runtime's runs block the thread that asks for them, and a process can be
 * killed during one. Between two runs it hears that a text is no longer wanted.
 */

const { logLevel, ...parts } = settings(settingsSchema);
const log = pino({ name: 'supertonic', level: logLevel });
const supertonic = await Supertonic.create({ ...parts, log }).catch((error: unknown) => {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'cannot be loaded');
  process.exit(1);
});

speakForParent(saySchema, (say, cancelled) => supertonic.speak(say, cancelled));
