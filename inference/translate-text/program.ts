import { pino } from 'pino';
import { answerParent, settings } from '../process/child-side.ts';
import { M2M100 } from './m2m100.ts';
import { askSchema, settingsSchema } from './messages.ts';

/**
 * M2M100's process: ONNX Runtime's runs block the thread that asks for them, and a process can be
 * killed during one. It does one text at a time, which is its parent's business.
 */

const { logLevel, ...parts } = settings(settingsSchema);
const log = pino({ name: 'm2m100', level: logLevel });
const model = await M2M100.create(parts).catch((error: unknown) => {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'cannot be loaded');
  process.exit(1);
});
log.info('M2M100 is loaded');

answerParent(askSchema, (ask) => model.translate(ask));
