import { NotFoundError, UnsupportedError, WorkerClosedError } from 'mediasoup/errors';
import { RequestError } from '../errors.ts';

/**
 * Runs a call into mediasoup and tells its errors in our words: an object or worker already gone is
 * `unavailable`, parameters the router cannot serve are `unsupported`, everything else it refuses
 * is the caller's `badRequest`.
 */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw translate(cause);
  }
}

function translate(cause: unknown): RequestError {
  if (cause instanceof RequestError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof UnsupportedError) return new RequestError('unsupported', message, { cause });
  const gone = cause instanceof WorkerClosedError || cause instanceof NotFoundError;
  return new RequestError(gone ? 'unavailable' : 'badRequest', message, { cause });
}
