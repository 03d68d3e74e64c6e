import { pino } from 'pino';
import { answerParent, settings } from '../process/child-side.ts';
import { Classifier } from './classifier.ts';
import { askSchema, settingsSchema } from './messages.ts';

/** The identifier's process: ONNX Runtime's runs block the thread that asks for them. */

const { directory, logLevel } = settings(settingsSchema);
const log = pino({ name: 'identifier', level: logLevel });
const classifier = await Classifier.create(directory).catch((error: unknown) => {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'cannot be loaded');
  process.exit(1);
});

answerParent(askSchema, async ({ audio }) => ({
  probabilities: await classifier.probabilities(audio),
}));
