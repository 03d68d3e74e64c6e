/** Writes the ninja file that compiles and links the worker. */
import { basename } from 'node:path';

/** Debian's libraries; mediasoup would download and compile its own. */
const LIBRARIES = ['srtp2', 'ssl', 'crypto', 'uv', 'flatbuffers'];
const ABSEIL_LIBRARIES = ['absl_strings', 'absl_throw_delegate', 'absl_bad_optional_access'];

/** Read into every source first, and compiled once: this halves the time the build takes. */
export const PREFIX_HEADER = 'prefix.hpp';
const OFTEN_INCLUDED = [
  'common.hpp',
  ...['array', 'cstring', 'deque', 'map', 'memory', 'ostream', 'span', 'sstream', 'string'],
  ...['string_view', 'variant', 'vector', 'ankerl/unordered_dense.h', 'absl/types/optional.h'],
  ...['openssl/evp.h', 'openssl/ssl.h', 'srtp.h', 'uv.h'],
];

/** The text of the header that is compiled once: the generated headers and the usual ones. */
export function prefixHeader(schemas) {
  const included = [...OFTEN_INCLUDED, ...schemas.map((schema) => `FBS/${headerOf(schema)}`)];
  return included.map((name) => `#include <${name}>\n`).join('');
}

/**
 * The text of build.ninja. Its own files are named relative to the build folder.
 *
 * @param {object} input
 * @param {string} input.workerDirectory mediasoup's `worker` folder, only read
 * @param {string} input.includeDirectory our own headers, found before any other
 * @param {{ sources: string[], schemas: string[], flatcOptions: string[] }} input.files
 * @param {Record<string, string>} input.replaced changed copies to compile in place of sources
 */
export function ninjaFile({ workerDirectory, includeDirectory, files, replaced }) {
  const inWorker = (path) => `${workerDirectory}/${path}`;
  const headers = files.schemas.map((schema) => `generated/FBS/${headerOf(schema)}`);
  const objects = files.sources.map((source) => `objects/${source}.o`);
  return [
    `flags = ${flags(workerDirectory, includeDirectory).join(' ')}`,
    `libraries = ${[...LIBRARIES, ...ABSEIL_LIBRARIES].map((name) => `-l${name}`).join(' ')}`,
    rule('flatc', `flatc ${files.flatcOptions.map(word).join(' ')} -o generated/FBS $in`),
    rule('precompile', 'g++ $flags -x c++-header $in -o $out'),
    rule('compile', `g++ $flags -include ${PREFIX_HEADER} -c $in -o $out`),
    // The list of objects is longer than some systems allow a command to be.
    rule('link', 'g++ -pthread -s -Wl,-z,relro,-z,now @$out.in $libraries -o $out', {
      rspfile: '$out.in',
      rspfile_content: '$in',
    }),
    build(headers, 'flatc', files.schemas.map(inWorker)),
    build([`${PREFIX_HEADER}.gch`], 'precompile', [PREFIX_HEADER], headers),
    ...files.sources.map((source, index) =>
      build(
        [objects[index]],
        'compile',
        [replaced[source] ?? inWorker(source)],
        [`${PREFIX_HEADER}.gch`],
      ),
    ),
    build(['mediasoup-worker'], 'link', objects),
    '',
  ].join('\n');
}

function flags(workerDirectory, includeDirectory) {
  const defines = [
    'NDEBUG',
    littleEndian() ? 'MS_LITTLE_ENDIAN' : 'MS_BIG_ENDIAN',
    'MS_EXECUTABLE',
    'FLATBUFFERS_LOCALE_INDEPENDENT=1',
  ];
  const includes = [
    '.',
    includeDirectory,
    'generated',
    `${workerDirectory}/include`,
    `${workerDirectory}/deps/libwebrtc`,
    `${workerDirectory}/deps/libwebrtc/libwebrtc`,
  ];
  return [
    '-std=c++20 -O2 -w -pthread',
    // It reads what strangers send; these are the precautions Debian compiles its own programs with.
    '-fstack-protector-strong -D_FORTIFY_SOURCE=2',
    ...defines.map((define) => `-D${define}`),
    ...includes.map((directory) => `-I${word(directory)}`),
  ];
}

function rule(name, command, settings = {}) {
  const lines = Object.entries({ command, ...settings }).map(
    ([key, value]) => `  ${key} = ${value}`,
  );
  return [`rule ${name}`, ...lines].join('\n');
}

function build(outputs, ruleName, inputs, alsoNeeded = []) {
  const paths = (list) => list.map((path) => path.replace(/[$ :]/g, '$$$&')).join(' ');
  const needs = alsoNeeded.length > 0 ? ` | ${paths(alsoNeeded)}` : '';
  return `build ${paths(outputs)}: ${ruleName} ${paths(inputs)}${needs}`;
}

/** One word of a command, safe from the shell and from ninja. */
function word(text) {
  return `'${text.replaceAll("'", `'\\''`).replaceAll('$', '$$$$')}'`;
}

function headerOf(schema) {
  return `${basename(schema, '.fbs')}.h`;
}

function littleEndian() {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}
