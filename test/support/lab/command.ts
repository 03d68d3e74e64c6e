import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Runs a program to its end, with `input` on its standard input if there is any, and resolves to
 * what it printed. Rejects with what it complained of.
 */
export async function command(
  program: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const running = execute(program, args);
  // A program that ends without reading says why by its exit.
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input);
  const { stdout } = await running;
  return stdout;
}
