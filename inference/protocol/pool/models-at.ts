/** Where models are served. */
export interface ModelsAt {
  /** Base address of the engine of this machine; absent where there is none, or none yet. */
  readonly url?: string | undefined;
  /** Servers elsewhere: the engine of this machine is then for when none of them can. */
  readonly elsewhere?: Elsewhere | undefined;
}

export interface Elsewhere {
  /** Base addresses; at least one. */
  readonly urls: readonly string[];
  /** Whether there is, or will be, an engine of this machine besides. */
  readonly fallback: boolean;
  /** Bearer token that they ask for. */
  readonly token?: string | undefined;
  /** Requests that one of several is given at once. */
  readonly concurrency: number;
  /** Requests that may wait for one of several; the next is refused. */
  readonly queue: number;
}
