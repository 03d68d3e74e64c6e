/**
 * The inference process alone, for a machine that only serves models: set with PARLEY_INFERENCE_…
 * variables as beside a server, and asked by others that name it in PARLEY_INFERENCE_URLS.
 */
import process from 'node:process';
import { loadConfig } from '../config/load.ts';
import { inferenceOptionsSchema } from '../inference/options.ts';

const { inference, tracing } = loadConfig(process.env);
const own = Object.keys(inferenceOptionsSchema.shape).map((name) => [name, inference[name]]);
process.argv[2] = JSON.stringify({ ...Object.fromEntries(own), tracing });
await import('../inference/main.ts');
