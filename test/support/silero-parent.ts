import { pino } from 'pino';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';
import { SileroVoice } from '../../inference/silero/silero-voice.ts';
import { eventually } from './eventually.ts';

/** A process with a Silero voice, to be killed: tells when it is ready and waits. Argument: a model. */

const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
const voice = await SileroVoice.start({
  options: { ...options, silero: { ...options.silero, models: process.argv.slice(2) } },
  log: pino({ level: 'silent' }),
  metrics: new InferenceMetrics(),
});
await eventually(() => voice.ready());
process.send?.('ready');
