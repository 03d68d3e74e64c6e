import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CatalogueError } from './catalogue-error.ts';
import { codeOf, writeWhole } from './disk.ts';
import type { Places } from './places.ts';

const RecordedFile = z.strictObject({
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** A check found other contents than these; not to be used until it is pulled again. */
  damaged: z.literal(true).optional(),
});

const Manifest = z.strictObject({
  format: z.literal(1),
  model: z.string(),
  /** Name of the licence that somebody here accepted, where one had to be. */
  accepted: z.string().optional(),
  /** What each file was when it was checked, by its name. */
  files: z.record(z.string(), RecordedFile),
});

export type RecordedFile = z.infer<typeof RecordedFile>;

/** What is on record about a model on this machine: `manifest.json` beside its files. */
export type Manifest = z.infer<typeof Manifest>;

export function emptyManifest(model: string): Manifest {
  return { format: 1, model, files: {} };
}

/** What is on record of a file; names come from the catalogue, never from the manifest. */
export function recordOf(manifest: Manifest | undefined, name: string): RecordedFile | undefined {
  return manifest && Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
}

/** Undefined where there is none. One that cannot be read is an error: it is never passed over. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (error) {
    throw new CatalogueError(
      'failed',
      `${path} is not a manifest that this release can read.`,
      'Delete it and pull the model again.',
      { cause: error },
    );
  }
}

export async function writeManifest(places: Places, manifest: Manifest): Promise<void> {
  await mkdir(places.folder, { recursive: true });
  await mkdir(places.parts, { recursive: true });
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeWhole(places.manifest, join(places.parts, 'manifest.draft'), text);
}
