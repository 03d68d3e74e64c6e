/** Where things are. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const MODULES = join(ROOT, 'node_modules');
/** Programs that came from the package registry, Node 24 among them. */
export const BIN = join(MODULES, '.bin');
/** What setup leaves for the server and for its own next run; goes when the modules go. */
export const STATE = join(MODULES, '.parley/setup.json');

/** Shared by all checkouts of this user. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley');
export const WORKER_CACHE = join(CACHE, 'mediasoup-worker');
export const LOGS = join(CACHE, 'logs');
