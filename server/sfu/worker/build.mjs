/**
 * Prepares the compilation of mediasoup's worker from the sources in its npm package against
 * Debian's libraries, for machines that cannot download the worker mediasoup has compiled. Running
 * `ninja` in the prepared folder makes `mediasoup-worker` there.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DTLS_SOURCE, withDtlsFix } from './dtls-fix.mjs';
import { workerSources } from './meson.mjs';
import { ninjaFile, prefixHeader, PREFIX_HEADER } from './ninja.mjs';

const INCLUDE_DIRECTORY = join(dirname(fileURLToPath(import.meta.url)), 'include');
/** A source of mediasoup's with a line of ours in it. */
const CHANGED_SOURCE = 'changed-source.cpp';

/** Writes all that ninja needs into an empty folder; mediasoup's own folder is only read. */
export function prepareBuild(workerDirectory, buildDirectory) {
  const files = workerSources(workerDirectory);
  const write = (name, text) => writeFileSync(join(buildDirectory, name), text);
  mkdirSync(join(buildDirectory, 'generated/FBS'), { recursive: true });
  write(CHANGED_SOURCE, withDtlsFix(readFileSync(join(workerDirectory, DTLS_SOURCE), 'utf8')));
  write(PREFIX_HEADER, prefixHeader(files.schemas));
  write(
    'build.ninja',
    ninjaFile({
      workerDirectory,
      includeDirectory: INCLUDE_DIRECTORY,
      files,
      replaced: { [DTLS_SOURCE]: CHANGED_SOURCE },
    }),
  );
}
