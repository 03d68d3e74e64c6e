import { z } from 'zod';
import { inferenceOptionsSchema } from '../inference/options.ts';
import { MediaOptions } from '../media/options.ts';
import { ServerOptions } from '../server/options.ts';

/** Everything that can be set, by process. Each process's schema lives beside its code. */
export const ConfigSchema = z.strictObject({
  server: ServerOptions,
  media: MediaOptions,
  inference: inferenceOptionsSchema.extend({
    /** Base address of models that are served elsewhere. Empty: they are served on this machine. */
    url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })], 'neither empty nor an address'),
  }),
});

export type Config = z.infer<typeof ConfigSchema>;
