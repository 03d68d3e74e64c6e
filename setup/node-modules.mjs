/** Installs exactly the npm packages that package-lock.json names. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { BIN, MODULES, ROOT } from './places.mjs';
import { run } from './run.mjs';

const NODE_WANTED = 24;
/** Whatever the person's own npm settings leave out, Parley needs it. */
const CLEAN_INSTALL = ['ci', '--ignore-scripts', '--include=dev', '--include=optional'];
const TELLING_PROGRESS = '--loglevel=http';
const FETCHED = /^npm http fetch GET 200 .*\.tgz /;

/**
 * Runs `npm ci` unless the installed packages are the locked ones.
 *
 * No package's install script is run: those of mediasoup and onnxruntime-node download things we
 * get by other means or do not need, and would fail where only the registry can be reached.
 */
export async function installModules(show) {
  const locked = readPackages(join(ROOT, 'package-lock.json'));
  const installed = readPackages(join(MODULES, '.package-lock.json'));
  if (sameModules(locked, installed)) return;
  show('npm ci');
  const count = Object.keys(locked).length;
  let fetched = 0;
  try {
    await run([...npm(), ...CLEAN_INSTALL, TELLING_PROGRESS], {
      name: 'npm ci',
      cwd: ROOT,
      onLine: (line) => {
        if (FETCHED.test(line)) show(`${++fetched} of at most ${count} packages`);
        return /^npm (http|warn|notice) /.test(line);
      },
    });
  } catch (error) {
    rmSync(MODULES, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The path of a Node new enough to run the server. It is one of the packages, and first in the path
 * of npm scripts; npm 10 forgets to put it there, because the package for the other kind of
 * processor, which it leaves out, has a program of the same name.
 */
export function findNode() {
  const inPath = join(BIN, 'node');
  const packaged = `../node-${process.platform}-${process.arch}/bin/node`;
  if (!existsSync(inPath) && existsSync(join(BIN, packaged))) symlinkSync(packaged, inPath);
  const found = [inPath, process.execPath].find((node) => majorVersion(node) >= NODE_WANTED);
  if (found) return found;
  throw new SetupFailure(
    `Parley runs on Node ${NODE_WANTED}, which the package registry has for Linux on x64 and arm64 only.`,
    'Install it from https://nodejs.org and start again.',
  );
}

function majorVersion(node) {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(stdout ?? '')?.[1]);
}

/**
 * Whether what is installed is what is locked. npm writes its list of what it installed last, so an
 * installation that was cut short never looks complete. Packages for other systems may be absent.
 */
export function sameModules(locked, installed) {
  const same = (one, other) =>
    one?.version === other?.version && one?.integrity === other?.integrity;
  return (
    Object.entries(locked).every(
      ([path, entry]) => same(entry, installed[path]) || (entry.optional && !installed[path]),
    ) && Object.keys(installed).every((path) => path in locked)
  );
}

/** The packages in a lock file, without the entry of the project itself. */
function readPackages(path) {
  try {
    const { packages } = JSON.parse(readFileSync(path, 'utf8'));
    return Object.fromEntries(Object.entries(packages).filter(([name]) => name !== ''));
  } catch {
    return {};
  }
}

/** The npm that runs us, so that it is also the one that installs. */
function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}
