/** Installs Debian packages, and only those that are missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CommandFailure, run } from './run.mjs';
import { SetupFailure } from './failure.mjs';
import { withoutServices } from './services.mjs';

const PREFIXES = ['/usr/local', '/usr', '/opt/homebrew'];
const INSTALL = ['apt-get', 'install', '--yes', '--no-install-recommends', '--no-remove'];
const OPTIONS = [
  '--option=Acquire::Retries=2',
  '--option=Acquire::http::Timeout=20',
  '--option=Acquire::https::Timeout=20',
  '--option=DPkg::Lock::Timeout=300',
  '--option=APT::Status-Fd=1',
];

/**
 * Sees to it that packages are there.
 *
 * @param {Record<string, string>} packages see packages.mjs
 * @param {(detail: string) => void} show
 */
export async function installPackages(packages, show) {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  // Before anything is drawn where sudo may ask for a password.
  asRoot(missing);
  show(missing.join(' '));
  const apt = (name, command, finish) => {
    const become = asRoot(missing);
    return run([...become, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command, ...OPTIONS], {
      name,
      finish,
      terminal: become.length > 0,
      onLine: (line) => {
        const progress = aptProgress(line);
        if (progress) show(progress);
        return progress !== undefined;
      },
    });
  };

  // Downloads may be cut short at any time; unpacking and configuring may not.
  const download = () => apt('apt-get download', [...INSTALL, '--download-only', ...missing]);
  try {
    await download();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    // The package lists are absent or too old. Some list that is no concern of ours may be out of
    // reach as well, so the second download decides.
    await apt('apt-get update', ['apt-get', 'update']).catch(onlyCommandFailures);
    await download();
  }
  await apt('apt-get install', withoutServices([...INSTALL, ...missing], missing), true);
}

/** The packages that are not installed, or whose files are not there where there is no dpkg. */
export function missingPackages(packages) {
  const names = Object.keys(packages);
  const query = spawnSync(
    'dpkg-query',
    ['--show', '--showformat=${db:Status-Abbrev}${Package}\n', ...names],
    {
      encoding: 'utf8',
    },
  );
  if (query.error) return names.filter((name) => !present(packages[name]));
  const installed = installedPackages(query.stdout);
  return names.filter((name) => !installed.has(name));
}

/** The names that dpkg-query lists as installed ("ii "), held back or not. */
export function installedPackages(listing) {
  const lines = listing.split('\n').filter((line) => /^[a-z]i /.test(line));
  return new Set(lines.map((line) => line.slice(3).trim()));
}

/** A line of apt's progress in words, as "42 % Installing apertium"; undefined for other lines. */
export function aptProgress(line) {
  const [, percent, words] = /^(?:dl|pm)status:[^:]*:([\d.]+):(.*)$/.exec(line) ?? [];
  return percent === undefined ? undefined : `${Math.round(Number(percent))} % ${words}`;
}

/** What to put before a command to run it as root; stops setup where there is no way. */
export function asRoot(missing, { uid = process.getuid?.(), find = inPath } = {}) {
  const list = missing.join(' ');
  if (!find('apt-get')) {
    throw new SetupFailure(
      `These packages are missing, and this is not a Debian system with apt-get: ${list}`,
      "Install what they contain in your system's own way, or use Debian 12, where the command is",
      manualCommand(missing, ''),
    );
  }
  if (uid === 0) return [];
  if (find('sudo')) return sudo(missing);
  throw new SetupFailure(
    `These packages are missing, and installing them needs root: ${list}`,
    'There is no sudo here, so please run this as root and then start again:',
    manualCommand(missing, ''),
  );
}

/** Asks for the password first if one is needed, where it can be typed. */
function sudo(missing) {
  const free = spawnSync('sudo', ['--non-interactive', 'true'], { stdio: 'ignore' });
  const asked = () => spawnSync('sudo', ['--validate'], { stdio: 'inherit' });
  if (free.status === 0 || (process.stdin.isTTY && asked().status === 0)) {
    return ['sudo', '--non-interactive'];
  }
  throw new SetupFailure(
    `These packages are missing, and sudo did not let us install them: ${missing.join(' ')}`,
    'Please run this and then start again:',
    manualCommand(missing, 'sudo '),
  );
}

function manualCommand(missing, prefix) {
  const install = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  return `${prefix}apt-get update && ${prefix}${install}`;
}

/** Whether a command is in the path, or a file below one of the prefixes. */
function present(thing) {
  if (!thing.includes('/')) return inPath(thing);
  return PREFIXES.some((prefix) =>
    [thing, ...underArchitectures(prefix, thing)].some((path) => existsSync(join(prefix, path))),
  );
}

/** lib/x is often lib64/x or lib/x86_64-linux-gnu/x. */
function underArchitectures(prefix, path) {
  if (!path.startsWith('lib/') || !existsSync(join(prefix, 'lib'))) return [];
  const rest = path.slice('lib/'.length);
  const folders = readdirSync(join(prefix, 'lib')).filter((name) => name.includes('-linux-'));
  return [`lib64/${rest}`, ...folders.map((folder) => `lib/${folder}/${rest}`)];
}

function inPath(command) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => folder && existsSync(join(folder, command)));
}

function onlyCommandFailures(error) {
  if (!(error instanceof CommandFailure)) throw error;
}
