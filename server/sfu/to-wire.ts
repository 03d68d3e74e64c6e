import type { z } from 'zod';

/** What mediasoup hands out as it goes over the wire: without the fields that are set to undefined. */
export function toWire<T>(schema: z.ZodType<T>, value: unknown): T {
  return schema.parse(JSON.parse(JSON.stringify(value)));
}
