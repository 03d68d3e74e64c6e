import type { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { requests } from '../protocol/requests.ts';
import type { RequestName } from '../protocol/requests.ts';

/** Characters of an error's message: it may speak of names the client made up. */
const MAX_MESSAGE = 200;

/** Whether an event is one of ours; inherited names such as `constructor` are not. */
export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

/**
 * Parses what came with an event. Throws a RequestError whose code says what is wrong as exactly as
 * a person can be told: `tooLarge`, `nameTooLong`, `badLanguage`, otherwise `badRequest`.
 */
export function parseRequest<T>(schema: z.ZodType<T>, data: unknown, maxBytes: number): T {
  if (jsonBytes(data) > maxBytes) {
    throw new RequestError('tooLarge', `requests are limited to ${maxBytes} bytes`);
  }
  const parsed = tryParse(schema, data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  const message = `${path || 'data'}: ${issue?.message ?? 'invalid'}`;
  throw new RequestError(codeOf(issue), message.slice(0, MAX_MESSAGE));
}

/** A length that cannot be compared makes zod throw. */
function tryParse<T>(schema: z.ZodType<T>, data: unknown): z.ZodSafeParseResult<T> {
  try {
    return schema.safeParse(data);
  } catch (cause) {
    throw new RequestError('badRequest', 'data: cannot be read', { cause });
  }
}

function codeOf(issue: z.core.$ZodIssue | undefined): ErrorCode {
  if (issue?.code === 'invalid_type') return 'badRequest';
  switch (issue?.path[0]) {
    case 'displayName':
      return issue.code === 'too_big' ? 'nameTooLong' : 'badRequest';
    case 'speak':
    case 'hear':
      return 'badLanguage';
    default:
      return 'badRequest';
  }
}

/** Size as it came over the wire; what is not JSON (binary attachments) counts as oversized. */
function jsonBytes(data: unknown): number {
  if (data === undefined) return 0;
  try {
    return Buffer.byteLength(JSON.stringify(data));
  } catch {
    return Infinity;
  }
}
