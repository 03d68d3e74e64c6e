import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { CatalogueError } from './catalogue-error.ts';
import { bytesInWords } from './words.ts';

/** Size of a file; undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Bytes that may be written to the file system a folder is on. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Refuses to begin what cannot end. */
export function expectRoom(needed: number, free: number, folder: string): void {
  if (needed <= free) return;
  throw new CatalogueError(
    'failed',
    `There is not enough room: ${bytesInWords(needed)} are to come, ` +
      `${bytesInWords(free)} are free where ${folder} is.`,
    'Make room there, or choose another place with --directory.',
  );
}

/** Moves a finished file into place, so that a crash leaves either the old one or the new one. */
export async function moveInto(from: string, to: string, folder: string): Promise<void> {
  await rename(from, to);
  await syncFolder(folder);
}

/** Writes a small file as a whole: `draft` is on the same file system. */
export async function writeWhole(path: string, draft: string, text: string): Promise<void> {
  const file = await open(draft, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

export async function remove(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true });
}

export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
