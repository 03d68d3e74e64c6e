/**
 * Reads the few facts our build needs out of mediasoup's own meson files, so that they are never
 * copied and follow mediasoup from release to release.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The strings of every `name = [ ... ]` and `name += [ ... ]` in the text of a meson file. */
export function mesonList(text, name) {
  const assignment = new RegExp(`^[ \\t]*${name}\\s*\\+?=\\s*\\[([^\\]]*)\\]`, 'gm');
  const lists = [...withoutComments(text).matchAll(assignment)].map(([, body]) => strings(body));
  if (lists.length === 0) throw new Error(`mediasoup's meson files no longer have a list ${name}`);
  return lists.flat();
}

/** The options given to flatc, as far as the output folder, which is ours to choose. */
export function flatcOptions(text) {
  const [, body] = /command\s*:\s*\[\s*flatc\s*,([^\]]*)\]/.exec(withoutComments(text)) ?? [];
  const options = strings(body ?? '');
  const end = options.indexOf('-o');
  if (end < 0) throw new Error("mediasoup's meson files no longer call flatc with -o");
  return options.slice(0, end);
}

/** What there is to compile, with all paths relative to the worker folder. */
export function workerSources(workerDirectory) {
  const read = (path) => readFileSync(join(workerDirectory, path), 'utf8');
  const worker = mesonList(read('meson.build'), 'common_sources');
  const bandwidth = mesonList(read('deps/libwebrtc/meson.build'), 'libwebrtc_sources');
  const schemas = mesonList(read('fbs/meson.build'), 'flatbuffers_schemas');
  return {
    sources: [...worker, 'src/main.cpp', ...bandwidth.map((source) => `deps/libwebrtc/${source}`)],
    schemas: schemas.map((schema) => `fbs/${schema}`),
    flatcOptions: flatcOptions(read('fbs/FBS/meson.build')),
  };
}

function withoutComments(text) {
  return text.replace(/^\s*#.*$/gm, '');
}

function strings(body) {
  return [...body.matchAll(/'([^']*)'/g)].map(([, value]) => value);
}
