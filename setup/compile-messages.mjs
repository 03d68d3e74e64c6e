/**
 * Compiles the texts of the interface (client/messages) into functions (client/paraglide), unless
 * just these have been compiled before:
 *
 *   node setup/compile-messages.mjs
 *
 * A program of its own, because the compiler leaves timers behind.
 */
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { hashOf } from './hash.mjs';
import { ROOT } from './places.mjs';

const PROJECT = 'client/project.inlang';
const SOURCES = [
  `${PROJECT}/settings.json`,
  'client/messages',
  'setup/compile-messages.mjs',
  'package-lock.json',
];
const OUTPUT = join(ROOT, 'client/paraglide');
/** Names the sources that were compiled; written last. */
const STAMP = join(OUTPUT, '.compiled-from');
/** Where it is made, so that whoever reads the output meanwhile finds it whole. */
const MAKING = join(OUTPUT, `.making-${process.pid}`);

const { baseLocale, locales } = JSON.parse(
  readFileSync(join(ROOT, PROJECT, 'settings.json'), 'utf8'),
);

const fetched = locales.filter((locale) => locale !== baseLocale);

async function compileAll() {
  const { compile } = await import('@inlang/paraglide-js');
  mkdirSync(MAKING, { recursive: true });
  await compile({
    project: join(ROOT, PROJECT),
    outdir: MAKING,
    outputStructure: 'locale-modules',
    strategy: ['globalVariable', 'baseLocale'],
    emitTsDeclarations: true,
    ...{ emitReadme: false, emitPrettierIgnore: false, emitGitIgnore: false },
  });
  const index = join(MAKING, 'messages/_index');
  const names = [...readFileSync(`${index}.js`, 'utf8').matchAll(/^export const (\w+) =/gm)].map(
    ([, name]) => name,
  );
  writeFileSync(`${index}.js`, choosing(names));
  for (const locale of fetched) {
    const texts = join(MAKING, 'messages', locale);
    writeFileSync(`${texts}-list.js`, listOf(locale, names));
    // With a copy of what they share, nothing but the one file is to be fetched.
    copyFileSync(join(MAKING, 'registry.js'), `${texts}-registry.js`);
    const compiled = readFileSync(`${texts}.js`, 'utf8');
    writeFileSync(`${texts}.js`, compiled.replace('../registry.js', `./${locale}-registry.js`));
  }
  const declared = readFileSync(`${index}.d.ts`, 'utf8');
  writeFileSync(`${index}.d.ts`, `${declared}\n${LOADING}\n`);
  for (const { name, parentPath } of filesBelow(MAKING)) {
    const folder = join(OUTPUT, parentPath.slice(MAKING.length));
    mkdirSync(folder, { recursive: true });
    renameSync(join(parentPath, name), join(folder, name));
  }
}

const LOADING = `/** Fetches the texts in a language; until then they are English. */
export function loadMessages(locale: import('../runtime.js').Locale): Promise<void>;`;

/**
 * The compiler's index has every language at hand; in a browser one is enough, and English to begin
 * with. By number, since names would be most of what is fetched.
 */
function choosing(names) {
  return `import { getLocale } from '../../locale.ts';
import * as ${baseLocale} from './${baseLocale}.js';
const lists = {};
const others = {
${fetched.map((locale) => `  ${locale}: () => import('./${locale}-list.js'),`).join('\n')}
};
export async function loadMessages(locale) {
  lists[locale] ??= (await others[locale]?.())?.list;
}
const saying = (number, english) => (inputs) => (lists[getLocale()]?.[number] ?? english)(inputs);
${names.map((name, number) => `export const ${name} = saying(${number}, ${baseLocale}.${name});`).join('\n')}
`;
}

const listOf = (locale, names) => `import * as texts from './${locale}.js';
export const list = [${names.map((name) => `texts.${name}`).join(', ')}];
`;

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile());
}

function stamped() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}

const sources = hashOf(ROOT, SOURCES);
if (stamped() !== sources) {
  process.chdir(dirname(join(ROOT, PROJECT)));
  try {
    await compileAll();
    writeFileSync(STAMP, sources);
  } finally {
    rmSync(MAKING, { recursive: true, force: true });
  }
}
process.exit(0);
