import { z } from 'zod';

export const PREFIX = 'PARLEY_';

/** A value that can be set, where it is in the configuration, and how text becomes one. */
export interface Setting {
  readonly variable: string;
  readonly path: readonly string[];
  /** Undefined when the text is no such value. */
  readonly read: (text: string) => unknown;
}

/**
 * Every value of a schema with the environment variable that sets it: its key path in capitals,
 * words parted by underscores, without the `server` group's own name.
 */
export function settings(schema: z.core.$ZodType, path: readonly string[] = []): Setting[] {
  const plain = unwrap(schema);
  if (plain instanceof z.ZodObject) {
    return Object.entries<z.core.$ZodType>(plain.shape).flatMap(([key, value]) =>
      settings(value, [...path, key]),
    );
  }
  return [{ variable: variableOf(path), path, read: readerOf(plain) }];
}

export function variableOf(path: readonly string[]): string {
  const words = path[0] === 'server' ? path.slice(1) : path;
  return (
    PREFIX +
    words
      .map((word) => word.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))
      .join('_')
      .toUpperCase()
  );
}

function readerOf(schema: z.core.$ZodType): (text: string) => unknown {
  if (schema instanceof z.ZodNumber) return readNumber;
  if (schema instanceof z.ZodBoolean) return readBoolean;
  if (schema instanceof z.ZodArray) {
    const readItem = readerOf(unwrap(schema.element));
    return (text) => splitList(text).map(readItem);
  }
  return (text) => text;
}

function readNumber(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : number;
}

function readBoolean(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return undefined;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return unwrap(schema.unwrap());
  }
  return schema;
}
