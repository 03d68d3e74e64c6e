import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { StartError } from './errors.ts';
import { createLogger } from './log.ts';
import type { Logger } from './log.ts';
import { createServer } from './server.ts';

/** npm passes Ctrl-C on to a process that the terminal has told already: one wish, two signals. */
const SAME_WISH_MS = 1_000;
/** After this, whatever still runs is left to its own end: children leave when we are gone. */
const CLOSE_TIMEOUT_MS = 8_000;

const config = readConfig();
const log = createLogger('server', config.server.logLevel);
let stoppingSince: number | undefined;
let draining = false;

for (const signal of ['SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    void stop(0);
  });
}
process.on('SIGTERM', () => {
  void drain();
});
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'an error nobody caught; the server stops');
  void stop(1);
});

// After the handlers, so that they come before mediasoup's own.
const starting = createServer({ config, log });

try {
  const { url } = await starting;
  process.stdout.write(`\nParley is ready: ${url}\n\n`);
} catch (error) {
  fail(error, log);
}

/** SIGTERM lets meetings end first; another signal does not wait for them. */
async function drain(): Promise<void> {
  if (draining) return stop(0);
  draining = true;
  log.info('no new meetings; the server stops when the last one has ended');
  try {
    await (await starting).drain();
  } finally {
    await stop(0);
  }
}

/** The first signal closes in order; the second ends at once. */
async function stop(code: number): Promise<void> {
  if (stoppingSince !== undefined) {
    if (Date.now() - stoppingSince > SAME_WISH_MS) process.exit(130);
    return;
  }
  stoppingSince = Date.now();
  setTimeout(() => {
    log.error('closing takes too long; ended by force');
    process.exit(1);
  }, CLOSE_TIMEOUT_MS).unref();
  try {
    const server = await starting;
    await server.close();
    process.exit(code);
  } catch (error) {
    log.error({ err: error }, 'closing failed');
    process.exit(1);
  }
}

/** Whether `--turn` asks for a relay beside this server; its program is installed if it is missing. */
function withRelay(): boolean {
  const known = process.argv.slice(2);
  if (known.length === 0) return false;
  if (known.join() !== '--turn') {
    process.stderr.write(`Unknown argument: ${known.join(' ')}. There is only --turn.\n`);
    process.exit(1);
  }
  const setup = join(import.meta.dirname, '../setup/main.mjs');
  const { status } = spawnSync(process.execPath, [setup, 'turn'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return true;
}

function readConfig(): Config {
  try {
    return loadConfig(withRelay() ? { ...process.env, PARLEY_TURN_EMBEDDED: '1' } : process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** What a person can put right is one message; anything else is a fault of ours, with its trace. */
function fail(error: unknown, logger: Logger): never {
  if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
  else logger.fatal({ err: error }, 'the server could not start');
  process.exit(1);
}
