/** Why a model cannot be loaded: names the file and the reason. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
  }
}
