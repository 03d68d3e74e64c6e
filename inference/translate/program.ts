import { pino } from 'pino';
import { answerParent, settings } from '../process/child-side.ts';
import { Canary } from './canary.ts';
import { askSchema, settingsSchema } from './messages.ts';

/**
 * Canary's process. ONNX Runtime's runs block the thread that asks for them, for seconds, and a
 * worker thread that is ended during one takes its process along; a process can be killed at any
 * time. It does one batch at a time, which is its parent's business, and hears between two tokens
 * that a batch is no longer wanted.
 */

const { logLevel, ...parts } = settings(settingsSchema);
const log = pino({ name: 'canary', level: logLevel });
const canary = await Canary.create({ ...parts, log }).catch((error: unknown) => {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'cannot be loaded');
  process.exit(1);
});

const running = new Map<number, AbortController>();

answerParent(askSchema, async (ask) => {
  if (ask.type === 'cancel') {
    running.get(ask.batch)?.abort();
    return null;
  }
  const cancelling = new AbortController();
  running.set(ask.batch, cancelling);
  try {
    return await canary.recognise(ask.tasks, cancelling.signal);
  } finally {
    running.delete(ask.batch);
  }
});
