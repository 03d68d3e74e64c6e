/**
 * Why a command of the catalogue could not do what was asked.
 *
 * - `usage`: the request itself is wrong (unknown model, no such option).
 * - `licence`: a licence was not accepted.
 * - `absent`: the model is not on this machine.
 * - `failed`: everything else: network, disk, a file that is not what it should be.
 */
export type CatalogueErrorKind = 'usage' | 'licence' | 'absent' | 'failed';

/** Its message is for the person who asked: what happened, and then what to do about it. */
export class CatalogueError extends Error {
  readonly kind: CatalogueErrorKind;

  constructor(kind: CatalogueErrorKind, problem: string, remedy?: string, options?: ErrorOptions) {
    super(remedy === undefined ? problem : `${problem}\n${remedy}`, options);
    this.name = 'CatalogueError';
    this.kind = kind;
  }
}
