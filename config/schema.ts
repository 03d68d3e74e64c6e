import { z } from 'zod';
import { inferenceOptionsSchema } from '../inference/options.ts';
import { tracingOptionsSchema } from '../inference/protocol/tracing/options.ts';
import { sharedInferenceShape } from '../inference/protocol/pool/options.ts';
import { MediaOptions } from '../media/options.ts';
import { ServerOptions } from '../server/options.ts';

/** Everything that can be set, by process. Each process's schema lives beside its code. */
export const ConfigSchema = z.strictObject({
  server: ServerOptions,
  media: MediaOptions,
  inference: inferenceOptionsSchema.extend(sharedInferenceShape),
  tracing: tracingOptionsSchema,
});

export type Config = z.infer<typeof ConfigSchema>;
