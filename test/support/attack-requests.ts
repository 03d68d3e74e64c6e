import fc from 'fast-check';
import { z } from 'zod';
import { requests } from '../../server/protocol/requests.ts';
import type { RequestName } from '../../server/protocol/requests.ts';
import { isRequestName } from '../../server/signaling/parse-request.ts';

export const requestNames: readonly RequestName[] = Object.keys(requests).filter(isRequestName);

/** Ids in a valid request; each page puts in what it was last given. */
export const OWN = { transportId: '@transport', producerId: '@producer', consumerId: '@consumer' };

/** Values that satisfy a schema, by its shape. */
export function valuesOf(schema: unknown, key = ''): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<unknown>(schema.shape);
    const optional = fields.filter(([, field]) => isOptional(field)).map(([name]) => name);
    const required = fields.map(([name]) => name).filter((name) => !optional.includes(name));
    const model = fields.map(([name, field]) => [name, valuesOf(field, name)] as const);
    return fc.record<Record<string, unknown>>(Object.fromEntries(model), {
      requiredKeys: required,
    });
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) {
    return valuesOf(schema.unwrap(), key);
  }
  if (schema instanceof z.ZodArray) {
    return fc.array(valuesOf(schema.element), { minLength: 1, maxLength: 3 });
  }
  if (schema instanceof z.ZodUnion) {
    return fc.oneof(...schema.options.map((option) => valuesOf(option)));
  }
  if (schema instanceof z.ZodRecord) {
    return fc.dictionary(fc.string({ maxLength: 8 }), valuesOf(schema.valueType), { maxKeys: 3 });
  }
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodType) return leaf(schema, key);
  throw new Error(`${key} has no schema`);
}

/** What fits, of a list of values that fit something. */
function leaf(schema: z.ZodType, key: string): fc.Arbitrary<unknown> {
  const own = Object.entries(OWN).find(([name]) => name === key)?.[1];
  const fitting = (own === undefined ? leaves : [own]).filter(
    (value) => schema.safeParse(value).success,
  );
  if (fitting.length === 0) throw new Error(`nothing to try fits ${key}`);
  return fc.constantFrom(...fitting);
}

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
const leaves: readonly unknown[] = [
  ...[
    'Ann',
    'Łucja 🦊',
    'en',
    'es-MX',
    'original',
    'audio/opus',
    'video/VP8',
    fingerprint,
    '-',
    'minptime',
  ],
  ...[0, 1, 2, 8, 100, 127, 48_000, 4_294_967_295, true, false, null],
];

function isOptional(schema: unknown): boolean {
  return schema instanceof z.ZodType && schema.safeParse(undefined).success;
}
