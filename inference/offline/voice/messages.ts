import { z } from 'zod';

/** What espeak-ng's process is given to say. */
export const saySchema = z.object({ text: z.string(), name: z.string(), pitch: z.number() });
export type Say = z.infer<typeof saySchema>;
