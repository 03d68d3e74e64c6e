/** A file of a model, as its publisher serves it. */
export interface ModelFile {
  /** Path in the model's folder, with forward slashes. Weights name each other: never renamed. */
  readonly name: string;
  readonly url: string;
  /** Exact size, where it is known. */
  readonly bytes?: number;
  /** Rounded size to plan with, where only that is known. */
  readonly about?: number;
  /**
   * SHA-256 in lower-case hex, or as many of its first digits as are known. Where there is none, the
   * hash of the first pull is recorded and enforced from then on.
   */
  readonly sha256?: string;
}

export interface Licence {
  readonly name: string;
  /** What it means for whoever runs the server, in a sentence. */
  readonly words: string;
  /** Pulling asks for consent first. */
  readonly ask: boolean;
}

interface Described {
  readonly id: string;
  /** What it does in a meeting. */
  readonly purpose: string;
  /** ISO 639-1; empty where the model knows no languages. */
  readonly languages: readonly string[];
  readonly licence: Licence;
  /** Room on the disk, rounded, in bytes; where it is known. */
  readonly disk?: number;
  /** Memory to plan for each process that has it loaded, in bytes; where it is known. */
  readonly memory?: number;
}

export interface AvailableModel extends Described {
  readonly available: true;
  readonly files: readonly ModelFile[];
}

/** A model Parley is made for whose files cannot be named yet. */
export interface UnavailableModel extends Described {
  readonly available: false;
  readonly reason: string;
}

export type Model = AvailableModel | UnavailableModel;

/** Models that go together, by their ids. */
export interface ModelSet {
  readonly id: string;
  readonly purpose: string;
  readonly models: readonly string[];
}

export interface Catalogue {
  readonly models: readonly Model[];
  readonly sets: readonly ModelSet[];
}
