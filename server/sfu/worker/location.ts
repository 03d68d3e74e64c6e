import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SETUP_STATE = join(import.meta.dirname, '../../../node_modules/.parley/setup.json');

/**
 * Path of the mediasoup worker to run: the one the environment names, else the one that setup
 * provided. Undefined when there is neither; mediasoup then looks for its own.
 */
export function workerBinary(): string | undefined {
  const given = process.env['MEDIASOUP_WORKER_BIN'];
  if (given) return given;
  try {
    const state: unknown = JSON.parse(readFileSync(SETUP_STATE, 'utf8'));
    const path = typeof state === 'object' && state && 'workerBin' in state && state.workerBin;
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}
