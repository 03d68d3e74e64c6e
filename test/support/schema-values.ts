import fc from 'fast-check';

/** The part of JSON Schema that our OpenAPI document is made of. */
export interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Lists and texts grow no longer than this. */
const LONGEST = 12;

/** Values of a schema. */
export function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf));
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const values = Object.entries(properties).map(([key, value]) => [key, valuesOf(value)]);
      const model = Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>;
      return fc.record(model, { requiredKeys: [...required] });
    }
    case 'array': {
      const { items = {}, minItems = 0, maxItems = LONGEST } = schema;
      return fc.array(valuesOf(items), {
        minLength: minItems,
        maxLength: Math.min(maxItems, LONGEST),
      });
    }
    case 'string': {
      const { pattern, minLength = 0, maxLength = LONGEST } = schema;
      if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
      return fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, LONGEST) });
    }
    case 'integer':
      return fc.nat();
    case 'boolean':
      return fc.boolean();
    default:
      return fc.jsonValue();
  }
}

/** Values that are nearly of a schema: with a part left out, changed, or added. */
export function nearly(schema: JsonSchema): fc.Arbitrary<unknown> {
  const spoilt = fc
    .tuple(valuesOf(schema), fc.nat(), fc.jsonValue(), fc.string())
    .map(([value, at, other, name]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return other;
      const entries: [string, unknown][] = Object.entries(value);
      const place = at % (entries.length + 1);
      const changed: [string, unknown][] = entries.map(([key, each], index) => [
        key,
        index === place ? other : each,
      ]);
      const spoiled: [string, unknown][] =
        place === entries.length ? [...entries, [name, other]] : changed;
      return Object.fromEntries(spoiled);
    });
  return fc.oneof(valuesOf(schema), spoilt, fc.jsonValue());
}
