import { open } from 'node:fs/promises';
import { StartError } from '../errors.ts';
import { fileKey } from './key-ring.ts';
import type { KeyRing } from './key-ring.ts';
import { owner } from './owner.ts';

const VARIABLE = 'PARLEY_TRANSCRIPTS_KEY_FILE';
const MAKE_ONE = 'Make one with: openssl rand -base64 32 > FILE; chmod 600 FILE';
/** Room for some fifty keys. */
const MAX_BYTES = 2_400;
/** Read, write and execute, for group and others. */
const SHARED = 0o077;
/** 32 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Reads the keys that wrap the keys of meetings: a line each, the one in use first. Rejects with a
 * StartError when the file cannot be read, is open to others, or holds anything but such keys.
 */
export async function readKeyFile(file: string): Promise<KeyRing> {
  if (file === '') {
    throw new StartError(
      `Transcripts are kept encrypted, and ${VARIABLE} names no key. ${MAKE_ONE}`,
    );
  }
  const [first, ...others] = keysIn(await read(file), file);
  if (!first) throw new StartError(`There is no key in ${file} (${VARIABLE}). ${MAKE_ONE}`);
  return [fileKey(first), ...others.map(fileKey)];
}

async function read(file: string): Promise<string> {
  await using handle = await open(file, 'r').catch((cause: unknown) => {
    throw new StartError(`The file ${file}, which ${VARIABLE} names, cannot be read. ${MAKE_ONE}`, {
      cause,
    });
  });
  // The file that was opened is asked, not its name, which may lead elsewhere a moment later.
  const about = await handle.stat();
  if (!about.isFile() || about.size > MAX_BYTES) {
    throw new StartError(`${file} (${VARIABLE}) is not a file of keys. ${MAKE_ONE}`);
  }
  if ((about.mode & SHARED) !== 0 || owner(about) === 'another') {
    throw new StartError(
      `Others on this machine can read the key in ${file} (${VARIABLE}). ` +
        `Make it this user's alone: chmod 600 ${file}; chown "$(id -u)" ${file}`,
    );
  }
  return await handle.readFile('utf8');
}

function keysIn(text: string, file: string): readonly Buffer[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter(Boolean).map((line) => {
    const key = Buffer.from(line, 'base64');
    if (!KEY.test(line) || key.toString('base64') !== line) {
      throw new StartError(
        `A line of ${file} (${VARIABLE}) is not a key of 32 bytes in base64. ${MAKE_ONE}`,
      );
    }
    if (key.every((byte) => byte === key[0])) {
      throw new StartError(`A key in ${file} (${VARIABLE}) is not random. ${MAKE_ONE}`);
    }
    return key;
  });
}
