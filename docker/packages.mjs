/** Prints the Debian packages that a stage of Parley's image needs: `build` or `runtime`. */
import process from 'node:process';
import { FOR_COMPILED_WORKER, FOR_FILES, FOR_RUNNING } from '../setup/packages.mjs';

/** Certificates to trust when asking others over HTTPS, and a process 1 that buries orphans. */
const FOR_CONTAINERS = { 'ca-certificates': '', tini: '' };

const stages = {
  // Whoever tries a worker out must be able to load it.
  build: FOR_COMPILED_WORKER,
  runtime: { ...FOR_CONTAINERS, ...FOR_RUNNING, ...FOR_FILES, ...FOR_COMPILED_WORKER },
};
const names = Object.keys(stages[process.argv[2] ?? 'runtime'] ?? {});
process.stdout.write(`${names.join('\n')}\n`);
