import { join } from 'node:path';
import { sizeOf } from './disk.ts';
import { recordOf, type Manifest, type RecordedFile } from './manifest.ts';
import type { AvailableModel, ModelFile } from './model.ts';
import type { Progress } from './progress.ts';
import { sha256 } from './sha256.ts';

export interface CheckTools {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Checked {
  /** What is to be on record now. */
  readonly manifest: Manifest;
  /** Files that are there and are not what they should be, with the reason. */
  readonly damaged: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
}

/**
 * Reads every file of a model that is there and compares it with what is on record and with what
 * its publisher says. A file that is not on record is taken up if its publisher's hash is known.
 */
export async function check(
  folder: string,
  model: AvailableModel,
  manifest: Manifest,
  tools: CheckTools,
): Promise<Checked> {
  const files: Record<string, RecordedFile> = {};
  const damaged = new Map<string, string>();
  const missing: string[] = [];
  for (const file of model.files) {
    const record = recordOf(manifest, file.name);
    const path = join(folder, file.name);
    const bytes = await sizeOf(path);
    if (bytes === undefined) {
      missing.push(file.name);
      if (record) files[file.name] = record;
      continue;
    }
    const found = { bytes, sha256: await hash(path, `checking ${file.name}`, bytes, tools) };
    const reason = faultOf(file, record, found);
    if (reason === undefined) files[file.name] = found;
    else {
      damaged.set(file.name, reason);
      if (record) files[file.name] = { ...record, damaged: true };
    }
  }
  return { manifest: { ...manifest, files }, damaged, missing };
}

/** Why these contents are not those of the file; undefined when they are. */
export function faultOf(
  file: ModelFile,
  record: RecordedFile | undefined,
  found: RecordedFile,
): string | undefined {
  const is = `its SHA-256 is ${found.sha256}`;
  if (file.sha256 !== undefined && !found.sha256.startsWith(file.sha256)) {
    return `${is}, the publisher's begins with ${file.sha256.slice(0, 16)}`;
  }
  if (record && record.sha256 !== found.sha256) {
    return `${is}, and it was ${record.sha256} when it first came`;
  }
  if (!record && file.sha256 === undefined) {
    return 'it is not on record, and its publisher tells no hash to check it by';
  }
  return undefined;
}

/** The hash of a file, with progress shown. */
export async function hash(
  path: string,
  title: string,
  bytes: number,
  { progress, signal }: CheckTools,
): Promise<string> {
  progress.begin(title, 0, bytes);
  try {
    return await sha256(path, {
      signal,
      onBytes: (done) => {
        progress.reach(done);
      },
    });
  } finally {
    progress.end();
  }
}
