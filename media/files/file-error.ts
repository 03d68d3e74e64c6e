/**
 * Why a file or text could not be worked on, in the words of the server's protocol:
 *
 * - `unsupported`: not a recording, or of no form that is read.
 * - `tooLarge`: longer than is taken.
 * - `badRequest`: the engine does not do what was asked for.
 * - `unavailable`: too much is under way, or the engine is away; worth another try.
 * - `internal`: a fault of ours.
 */
export type FileErrorCode = 'unsupported' | 'tooLarge' | 'badRequest' | 'unavailable' | 'internal';

export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FileError';
    this.code = code;
  }
}
