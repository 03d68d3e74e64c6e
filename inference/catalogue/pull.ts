import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CatalogueError } from './catalogue-error.ts';
import { check, faultOf, hash } from './check.ts';
import { expectRoom, moveInto, remove, sizeOf } from './disk.ts';
import { discard, download, type DownloadTools } from './download.ts';
import { locked } from './lock.ts';
import { emptyManifest, readManifest, recordOf, writeManifest, type Manifest } from './manifest.ts';
import type { AvailableModel, Model, ModelFile } from './model.ts';
import { placesOf, type Places } from './places.ts';
import { survey } from './survey.ts';
import { bytesInWords } from './words.ts';

export interface PullTools extends DownloadTools {
  /** Resolves to whether somebody accepts a model's licence. */
  readonly acceptLicence: (model: Model) => Promise<boolean>;
  /** Base address of a server that has a models' directory; ends with a slash. */
  readonly mirror?: string | undefined;
}

/**
 * Brings a model here: what is there already is checked, the rest is downloaded, checked, recorded
 * and moved into place, file by file, so that a file with the right name always has the right
 * contents. One pull of a model at a time; a second one waits, then finds everything there.
 */
export async function pull(
  directory: string,
  model: AvailableModel,
  tools: PullTools,
): Promise<void> {
  const places = placesOf(directory, model.id);
  const onWait = (holder: string): void => {
    tools.progress.say(`${model.id}: another pull is at work (${holder}); waiting for it`);
  };
  await locked(places.lock, { signal: tools.signal, onWait }, async () => {
    const known = (await readManifest(places.manifest)) ?? emptyManifest(model.id);
    const accepted = await licenceAccepted(model, known, tools);
    const { manifest, damaged, missing } = await check(places.folder, model, accepted, tools);
    for (const [name, reason] of damaged) {
      tools.progress.say(`${model.id}/${name} is damaged and comes anew: ${reason}`);
    }
    const wanted = model.files.filter(({ name }) => missing.includes(name) || damaged.has(name));
    await mkdir(places.folder, { recursive: true });
    await expectRoomFor(wanted, places, tools);
    await writeManifest(places, manifest);
    for (const file of wanted) await bring(file, model, places, tools);
    await remove(places.parts);
  });
  const { state, problems, bytes } = await survey(directory, model);
  if (state !== 'here') {
    throw new CatalogueError('failed', `${model.id} cannot be used:\n${problems.join('\n')}`);
  }
  const { name, words } = model.licence;
  tools.progress.say(`${model.id} is here (${bytesInWords(bytes)}, ${places.folder})`);
  tools.progress.say(`  ${name}: ${words}`);
}

async function bring(
  file: ModelFile,
  model: AvailableModel,
  places: Places,
  tools: PullTools,
): Promise<void> {
  const manifest = (await readManifest(places.manifest)) ?? emptyManifest(model.id);
  const record = recordOf(manifest, file.name);
  const part = join(places.parts, `${file.name}.part`);
  const title = `${model.id}/${file.name}`;
  await download(
    {
      title,
      url: addressOf(model, file, tools.mirror),
      part,
      bytes: file.bytes ?? record?.bytes,
      pinned: file.sha256 !== undefined || record !== undefined,
    },
    tools,
  );
  const bytes = (await sizeOf(part)) ?? 0;
  const found = { bytes, sha256: await hash(part, `checking ${file.name}`, bytes, tools) };
  // The first of its kind: from now on these are the contents that it must have.
  const first = !record && file.sha256 === undefined;
  const fault = first ? undefined : faultOf(file, record, found);
  if (fault !== undefined) {
    await discard(part);
    throw new CatalogueError(
      'failed',
      `${title} is not what it should be and was thrown away: ${fault}.`,
      wrongContentsRemedy(model, file),
    );
  }
  // On record before it is in place, and after a damaged one is gone: what a crash leaves is never a
  // file that passes for another.
  const path = join(places.folder, file.name);
  await remove(path);
  const files = { ...manifest.files, [file.name]: found };
  await writeManifest(places, { ...manifest, files });
  await mkdir(dirname(path), { recursive: true });
  await moveInto(part, path, dirname(path));
  await discard(part);
}

/** Where a file is fetched from: a mirror is laid out like the models' directory. */
export function addressOf(model: Model, file: ModelFile, mirror: string | undefined): string {
  if (mirror === undefined) return file.url;
  const path = [model.id, ...file.name.split('/')].map(encodeURIComponent).join('/');
  return new URL(path, mirror).href;
}

async function licenceAccepted(
  model: AvailableModel,
  manifest: Manifest,
  tools: PullTools,
): Promise<Manifest> {
  const { name, ask } = model.licence;
  if (!ask || manifest.accepted === name) return manifest;
  if (await tools.acceptLicence(model)) return { ...manifest, accepted: name };
  throw new CatalogueError(
    'licence',
    `${model.id} was not pulled: its licence (${name}) was not accepted.`,
    'Pull it again with --accept-license if it allows what you do.',
  );
}

async function expectRoomFor(
  files: readonly ModelFile[],
  places: Places,
  tools: PullTools,
): Promise<void> {
  let needed = 0;
  for (const file of files) {
    const kept = (await sizeOf(join(places.parts, `${file.name}.part`))) ?? 0;
    needed += Math.max((file.bytes ?? file.about ?? 0) - kept, 0);
  }
  expectRoom(needed, await tools.freeBytes(places.folder), places.folder);
}

function wrongContentsRemedy(model: AvailableModel, file: ModelFile): string {
  const again =
    'Pull again. If it comes out the same, something on the way changes files (look at --mirror ' +
    'and the proxy), or its publisher has put another file there';
  return file.sha256 === undefined
    ? `${again}: \`npm run models -- remove ${model.id}\` forgets the old one, if you trust the new.`
    : `${again}: then only a newer release of Parley can take it.`;
}
