import { z } from 'zod';

/**
 * Everything that can go wrong with a request, as the client is told it. The code is stable and
 * decides what the interface says; the message is English for developers.
 */
export const ErrorCode = z.enum([
  'badRequest',
  'tooLarge',
  'rateLimited',
  'roomNotFound',
  'roomFull',
  'serverFull',
  'mediaFull',
  'nameTooLong',
  'badLanguage',
  'badToken',
  'stopping',
  'moved',
  'notJoined',
  'forbidden',
  'waiting',
  'lobbyFull',
  'roomLocked',
  'roomEnded',
  'removed',
  'notFound',
  'unsupported',
  'unavailable',
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What every acknowledgement carries. */
export type Ack<T> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: WireError };
