import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartError } from '../errors.ts';

const SHORTEST = 32;
const KEY_BYTES = 32;

/** The server's one secret. Everything that needs a key derives its own from it (HKDF, RFC 5869). */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** 32 bytes for one purpose; keys of different purposes tell nothing about each other. */
  keyFor(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#text, '', `parley ${purpose}`, KEY_BYTES));
  }
}

/** The operator's secret, or one of our own in `own` that is kept for the next start. */
export async function serverSecret(file: string, own: string): Promise<Secret> {
  return new Secret(await (file ? readSecret(file, 'PARLEY_SECRET_FILE') : ownSecret(own)));
}

/**
 * Reads the secret from a file the operator names. Rejects with a StartError when it cannot be read
 * or is so short that it could be guessed.
 */
export async function readSecret(file: string, variable: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartError(
      `The file ${file}, which ${variable} names, cannot be read. ` +
        'Make one with: openssl rand -base64 48 > FILE; chmod 600 FILE',
      { cause },
    );
  });
  const secret = text.trim();
  if (secret.length >= SHORTEST) return secret;
  throw new StartError(
    `The secret in ${file} (${variable}) is shorter than ${SHORTEST} characters and could be guessed. ` +
      'Make a better one with: openssl rand -base64 48 > FILE; chmod 600 FILE',
  );
}

/** The secret in `file`, which is made, readable by its owner alone, when it is not there. */
export async function ownSecret(file: string): Promise<string> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Of several servers that start at once, one makes it.
    await writeFile(file, randomBytes(48).toString('base64'), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!isExists(cause)) {
      throw new StartError(
        `The secret that meeting links are made from cannot be kept in ${file}. ` +
          'Make the folder writable, or name a file in PARLEY_SECRET_FILE.',
        { cause },
      );
    }
  }
  return readSecret(file, 'PARLEY_SECRET_FILE');
}

function isExists(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
}
