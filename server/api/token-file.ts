import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** What a token may be used for. */
export const Scope = z.enum(['translate', 'transcribe', 'speak', 'rooms']);
export type Scope = z.infer<typeof Scope>;

const Entry = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  /** For the operator: who has it. */
  name: z.string().max(100),
  scopes: z.array(Scope).min(1),
  /** SHA-256 of the secret, in base64url: it has 256 random bits, so nothing slower is needed. */
  hash: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
});
const Contents = z.strictObject({ tokens: z.array(Entry).max(10_000) });
export type TokenEntry = Readonly<z.infer<typeof Entry>>;

const TOKEN = /^parley_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
/** Compared with when there is no such id, so that the time taken tells nothing. */
const NOBODY = digest('nobody').toString('base64url');

/** Rejects when the file cannot be read or is no token file. */
export async function readTokens(file: string): Promise<readonly TokenEntry[]> {
  return Contents.parse(JSON.parse(await readFile(file, 'utf8'))).tokens;
}

/** Replaces the file at once, readable by its owner alone. */
export async function writeTokens(file: string, tokens: readonly TokenEntry[]): Promise<void> {
  const next = `${file}.${process.pid}.new`;
  await writeFile(next, `${JSON.stringify({ tokens }, undefined, 2)}\n`, { mode: 0o600 });
  await rename(next, file);
}

/** A new token, which is nowhere else, and what is kept of it. */
export function makeToken(about: {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt?: Date | undefined;
}): { readonly token: string; readonly entry: TokenEntry } {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const entry = {
    ...{ id, name: about.name, scopes: [...about.scopes] },
    hash: digest(secret).toString('base64url'),
    createdAt: about.createdAt.toISOString(),
    ...(about.expiresAt && { expiresAt: about.expiresAt.toISOString() }),
  };
  return { token: `parley_${id}_${secret}`, entry };
}

/** The entry of a token; undefined for one that is unknown or, at `now` (ms since 1970), has expired. */
export function findToken(
  tokens: readonly TokenEntry[],
  token: string,
  now: number,
): TokenEntry | undefined {
  const [, id = '', secret = ''] = TOKEN.exec(token) ?? [];
  const entry = tokens.find((each) => each.id === id);
  const expected = Buffer.from(entry?.hash ?? NOBODY, 'base64url');
  const matches = timingSafeEqual(digest(secret), expected);
  if (!matches || entry === undefined) return undefined;
  const expired = entry.expiresAt !== undefined && Date.parse(entry.expiresAt) <= now;
  return expired ? undefined : entry;
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
