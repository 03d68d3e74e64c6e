import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StartError } from '../errors.ts';

/** As the specification has it: 24 to 64 bytes in base64, behind this. */
const PREFIX = 'whsec_';
const [SHORTEST, LONGEST] = [24, 64];

export interface Signed {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** Signs bodies by Standard Webhooks 1.0 (standardwebhooks.com): HMAC with SHA-256. */
export class Signer {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Headers of one delivery; `sentAt` in milliseconds since 1970, new with each try. */
  sign(id: string, sentAt: number, body: string): Signed {
    const timestamp = String(Math.floor(sentAt / 1_000));
    const mac = createHmac('sha256', this.#key).update(`${id}.${timestamp}.${body}`);
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${mac.digest('base64')}`,
    };
  }
}

/** Rejects with a StartError when there is no secret of the right form in the file. */
export async function readSigner(file: string): Promise<Signer> {
  const help = 'Make one with: echo "whsec_$(openssl rand -base64 32)" > FILE; chmod 600 FILE';
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartError(
      `The file ${file}, which PARLEY_WEBHOOKS_SECRET_FILE names, cannot be read. ${help}`,
      { cause },
    );
  });
  const key = keyOf(text.trim());
  if (key) return new Signer(key);
  throw new StartError(
    `In ${file} (PARLEY_WEBHOOKS_SECRET_FILE) is no secret for webhooks: ${PREFIX} and ` +
      `${SHORTEST} to ${LONGEST} bytes in base64. ${help}`,
  );
}

export function keyOf(secret: string): Buffer | undefined {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret)) return undefined;
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return key.length >= SHORTEST && key.length <= LONGEST ? key : undefined;
}
