/**
 * Whether what runs in this container answers: exit code 0 or 1, for HEALTHCHECK.
 *
 *   node docker/healthy.mjs [path] [port]
 */
import process from 'node:process';

const [path = '/healthz', port = process.env.PARLEY_PORT || '8080'] = process.argv.slice(2);
const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
  signal: AbortSignal.timeout(3_000),
}).catch(() => undefined);
process.exitCode = answer?.ok === true ? 0 : 1;
