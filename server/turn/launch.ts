import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../errors.ts';

/** The user that Debian's package makes for coturn. */
const USER = 'turnserver';
const GROUP = 'turnserver';

/** How coturn is started on this machine. */
export interface Launch {
  readonly program: string;
  /** What comes before coturn's own arguments. */
  readonly args: readonly string[];
  /** The user it runs as, where that is another one than ours. */
  readonly uid: number | undefined;
}

/**
 * Starts coturn so that it cannot outlive this process: the kernel kills it when the parent dies,
 * however that happens (prctl(2), PR_SET_PDEATHSIG, by way of util-linux's setpriv). It can gain no
 * rights, and where we are root it has none but to use ports below 1024.
 */
export async function findLaunch(): Promise<Launch> {
  if (!(await inPath('turnserver'))) {
    throw new StartError(
      'The relay (coturn) is not installed. `npm start -- --turn` installs it on Debian; ' +
        'by hand: apt-get install coturn && systemctl disable --now coturn',
    );
  }
  if (!(await inPath('setpriv'))) {
    throw new StartError(
      'To run a relay here, the program setpriv of util-linux is needed, and this system has none. ' +
        'Run coturn on its own (see docker/coturn) and set PARLEY_TURN_URLS.',
    );
  }
  const uid = process.getuid?.() === 0 ? await coturnUser() : undefined;
  return {
    program: 'setpriv',
    args: [...(uid === undefined ? [] : OTHER_USER), ...HARMLESS, 'turnserver'],
    uid,
  };
}

const HARMLESS = ['--no-new-privs', '--pdeathsig=KILL'];

const OTHER_USER: readonly string[] = [
  `--reuid=${USER}`,
  `--regid=${GROUP}`,
  '--clear-groups',
  '--inh-caps=-all,+net_bind_service',
  '--ambient-caps=-all,+net_bind_service',
];

/** Undefined where there is no such user: then it runs as we do. */
async function coturnUser(): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('id', ['-u', USER]);
    return Number(stdout);
  } catch {
    return undefined;
  }
}

async function inPath(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.allSettled(
    folders.map((folder) => access(join(folder, program), constants.X_OK)),
  );
  return found.some(({ status }) => status === 'fulfilled');
}
