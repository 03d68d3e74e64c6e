import { readdir, readFile } from 'node:fs/promises';

/** Linux counts processor time in ticks of 10 ms (sysconf _SC_CLK_TCK is 100 on every port). */
const TICK_MS = 10;

/** Processor time a process has used since its start, all its threads together. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; fields are counted after it (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Proportional set size: what is shared with other processes is counted in parts. */
export async function pssBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} tells no memory`);
  return Number(kilobytes) * 1024;
}

/** The process and everything it has started. */
export async function familyOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const children = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')),
  );
  const pids = children.flatMap((line) => line.split(' ').filter(Boolean).map(Number));
  return [pid, ...(await Promise.all(pids.map(familyOf))).flat()];
}

/** Sum of a figure over a process and everything it has started. */
export async function overFamily(
  pid: number,
  measure: (pid: number) => Promise<number>,
): Promise<number> {
  const figures = await Promise.all((await familyOf(pid)).map(measure));
  return figures.reduce((sum, figure) => sum + figure, 0);
}
