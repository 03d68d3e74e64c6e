import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { descendants } from './processes.ts';
import type { ProcessEntry } from './processes.ts';

/** The processes of a call that may crash or hang. */
export const VICTIMS = [
  'worker',
  'media',
  'inference',
  'recogniser',
  'translator',
  'voice',
] as const;
export type Victim = (typeof VICTIMS)[number];

/** Words of the command line that each is known by; of the translator, one stage in the middle. */
const COMMANDS: Readonly<Record<Victim, string>> = {
  worker: 'mediasoup-worker',
  media: 'media/main.ts',
  inference: 'inference/main.ts',
  recogniser: 'recogniser/program.ts',
  translator: 'apertium-interchunk -z /usr/share/apertium/apertium-eng-spa',
  voice: 'voice/program.ts',
};

/** The one process of that kind below `server`; of the workers, the one that listens on `port`. */
export function pidOf(server: number, victim: Victim, port: number): number {
  const found = descendants(server).filter(
    ({ command, pid }) =>
      command.includes(COMMANDS[victim]) &&
      !command.startsWith('bash') &&
      (victim !== 'worker' || udpPorts(pid).has(port)),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} processes are the ${victim}`);
  }
  return only.pid;
}

/** How many files and sockets each process below and with `server` has open. */
export function openFiles(server: number): ReadonlyMap<number, number> {
  const pids = [server, ...descendants(server).map(({ pid }: ProcessEntry) => pid)];
  return new Map(pids.map((pid) => [pid, readdirSync(`/proc/${pid}/fd`).length]));
}

/** UDP ports that a process has bound (proc(5): /proc/net/udp). */
function udpPorts(pid: number): ReadonlySet<number> {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined;
      }
    }),
  );
  const lines = readFileSync(`/proc/${pid}/net/udp`, 'utf8').trim().split('\n').slice(1);
  return new Set(
    lines.flatMap((line) => {
      const [, local = '', , , , , , , , inode] = line.trim().split(/\s+/);
      return inodes.has(inode) ? [parseInt(local.split(':')[1] ?? '', 16)] : [];
    }),
  );
}
