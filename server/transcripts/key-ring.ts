import { createHmac, hkdfSync } from 'node:crypto';
import { KEY_BYTES } from './sealing.ts';

const NAME_CHARACTERS = 32;
const ID_CHARACTERS = 16;

/** What is derived from one key of the key file (HKDF, RFC 5869); the key itself is used nowhere. */
export interface FileKey {
  /** Tells which key a transcript needs, and nothing about it. */
  readonly id: string;
  /** Wraps the keys of meetings. */
  readonly wrapping: Uint8Array;
  /** Turns meeting codes into file names. */
  readonly naming: Uint8Array;
}

/** The first key wraps the keys of new transcripts; all of them open old ones. */
export type KeyRing = readonly [FileKey, ...FileKey[]];

export function fileKey(secret: Uint8Array): FileKey {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `parley transcripts ${purpose}`, KEY_BYTES));
  return {
    id: Buffer.from(derive('id')).toString('hex').slice(0, ID_CHARACTERS),
    wrapping: derive('wrapping'),
    naming: derive('naming'),
  };
}

/**
 * The names that the files of a meeting may have, one for each key; new files get the first. A name
 * does not tell the meeting's code, not even whether a known code belongs to it.
 */
export function transcriptNames(
  [first, ...others]: KeyRing,
  roomId: string,
): readonly [string, ...string[]] {
  const name = ({ naming }: FileKey) =>
    createHmac('sha256', naming).update(roomId).digest('hex').slice(0, NAME_CHARACTERS);
  return [name(first), ...others.map(name)];
}
