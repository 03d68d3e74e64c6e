import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CatalogueError } from './catalogue-error.ts';
import { codeOf, sizeOf } from './disk.ts';
import { readManifest, recordOf, type Manifest } from './manifest.ts';
import type { AvailableModel, ModelFile } from './model.ts';
import { MANIFEST, placesOf, type Places } from './places.ts';

/** What of a model is on this machine, by names and sizes; contents are not read. */
export interface Survey {
  readonly state: 'here' | 'partly' | 'absent' | 'damaged';
  /** What keeps the model from being used, each naming its file. */
  readonly problems: readonly string[];
  /** Bytes on the disk, those of unfinished downloads among them. */
  readonly bytes: number;
}

interface FileFinding {
  readonly size: number;
  readonly missing?: boolean;
  readonly damage?: string;
}

export async function survey(directory: string, model: AvailableModel): Promise<Survey> {
  const places = placesOf(directory, model.id);
  let manifest: Manifest | undefined;
  try {
    manifest = await readManifest(places.manifest);
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    return { state: 'damaged', problems: [error.message], bytes: 0 };
  }
  const findings = await Promise.all(
    model.files.map((file) => look(file, places, recordOf(manifest, file.name)?.sha256, manifest)),
  );
  const damages = findings.flatMap(({ damage }) => damage ?? []);
  if (manifest && manifest.model !== model.id) {
    damages.push(`${places.manifest} is about ${manifest.model}, not about ${model.id}`);
  }
  for (const name of await foreignFiles(places.folder, model)) {
    damages.push(`${join(places.folder, name)} does not belong to ${model.id}: move it away`);
  }
  const missing = model.files.filter((_, i) => findings[i]?.missing);
  const bytes = findings.reduce((sum, { size }) => sum + size, 0);
  const absences = missing.map(({ name }) => `${join(places.folder, name)} is not there`);
  const problems = [...damages, ...absences];
  if (damages.length > 0) return { state: 'damaged', problems, bytes };
  if (missing.length === 0) return { state: 'here', problems, bytes };
  return { state: bytes > 0 ? 'partly' : 'absent', problems, bytes };
}

async function look(
  file: ModelFile,
  places: Places,
  recorded: string | undefined,
  manifest: Manifest | undefined,
): Promise<FileFinding> {
  const path = join(places.folder, file.name);
  const size = await sizeOf(path);
  if (size === undefined) {
    return { size: (await sizeOf(join(places.parts, `${file.name}.part`))) ?? 0, missing: true };
  }
  const record = recordOf(manifest, file.name);
  if (!record || recorded === undefined) return { size, damage: `${path} was never checked` };
  if (record.damaged) return { size, damage: `${path} was found to be damaged` };
  if (size !== record.bytes) {
    return { size, damage: `${path} has ${size} bytes; it had ${record.bytes} when it came` };
  }
  if (!recorded.startsWith(file.sha256 ?? '')) {
    return { size, damage: `${path} is another file than the publisher's` };
  }
  return { size };
}

/** Files in a model's folder that are none of its own, by their names there. */
export async function foreignFiles(
  folder: string,
  model: AvailableModel,
): Promise<readonly string[]> {
  const own = new Set([MANIFEST, ...model.files.map((file) => file.name)]);
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .filter((name) => !own.has(name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
