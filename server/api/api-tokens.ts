import { stat } from 'node:fs/promises';
import { StartError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { findToken, readTokens } from './token-file.ts';
import type { TokenEntry } from './token-file.ts';

/** How soon a token that was made or revoked is known. */
const LOOK_AGAIN_MS = 1_000;

/** The tokens in a file, which is read again when it has changed: revoking needs no restart. */
export class ApiTokens {
  readonly #file: string;
  readonly #log: Logger;
  readonly #now: () => number;
  #tokens: readonly TokenEntry[];
  #version: string;
  #lookedAt: number;

  private constructor(
    file: string,
    found: { readonly tokens: readonly TokenEntry[]; readonly version: string },
    { log, now }: { readonly log: Logger; readonly now: () => number },
  ) {
    this.#file = file;
    this.#tokens = found.tokens;
    this.#version = found.version;
    this.#log = log;
    this.#now = now;
    this.#lookedAt = now();
  }

  /** `now`: milliseconds since 1970. Rejects with a StartError when the file is no token file. */
  static async create(file: string, log: Logger, now: () => number = Date.now): Promise<ApiTokens> {
    try {
      const version = await versionOf(file);
      return new ApiTokens(file, { tokens: await readTokens(file), version }, { log, now });
    } catch (cause) {
      throw new StartError(
        `The file ${file}, which PARLEY_API_TOKENS_FILE names, is no file of API tokens. Make one with: ` +
          `node server/api/token.ts create --file ${file} --name NAME --scope translate`,
        { cause },
      );
    }
  }

  /** Undefined for a token that is not valid, or not any more. */
  async verify(token: string): Promise<TokenEntry | undefined> {
    if (this.#now() - this.#lookedAt >= LOOK_AGAIN_MS) await this.#look();
    return findToken(this.#tokens, token, this.#now());
  }

  /** While the file cannot be read nobody is let in: it may have been taken away to that end. */
  async #look(): Promise<void> {
    this.#lookedAt = this.#now();
    try {
      const version = await versionOf(this.#file);
      if (version === this.#version) return;
      this.#tokens = await readTokens(this.#file);
      this.#version = version;
      this.#log.info({ tokens: this.#tokens.length }, 'API tokens read again');
    } catch (error) {
      if (this.#version !== '') {
        this.#log.error({ err: error }, 'the API tokens cannot be read; none is valid for now');
      }
      this.#tokens = [];
      this.#version = '';
    }
  }
}

async function versionOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  return `${mtimeMs} ${size} ${ino}`;
}
