/**
 * What can go wrong between a request and its model.
 *
 * - `badRequest`: the request itself is wrong (tensor missing, language not served). Never retried.
 * - `unavailable`: the model is starting, restarting or gone. Worth one retry.
 * - `overloaded`: a queue is full. Not retried; the utterance is reported as skipped.
 * - `failed`: the model gave up on this input, after its own retry.
 */
export type InferenceErrorCode = 'badRequest' | 'unavailable' | 'overloaded' | 'failed';

export class InferenceError extends Error {
  readonly code: InferenceErrorCode;

  constructor(code: InferenceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InferenceError';
    this.code = code;
  }

  get retryable(): boolean {
    return this.code === 'unavailable';
  }
}
