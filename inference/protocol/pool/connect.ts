import { InferenceClient, type InferenceClientOptions } from '../client.ts';
import type { Elsewhere, ModelsAt } from './models-at.ts';
import { POOL_DEFAULTS } from './options.ts';
import { InferencePool } from './pool.ts';

const NOBODY: Elsewhere = { urls: [], fallback: false, concurrency: 0, queue: 0 };

/**
 * A connection to one server where there is one, and a pool of several. Throws where there is none.
 * `onChange`: what a pool can do may have changed.
 */
export function connectModels(
  { url, elsewhere }: ModelsAt,
  options: InferenceClientOptions,
  onChange: () => void,
): InferenceClient | InferencePool {
  const { urls, token, fallback, concurrency, queue } = elsewhere ?? NOBODY;
  const [first] = urls;
  if (first !== undefined && (urls.length > 1 || fallback)) {
    const pool = { ...POOL_DEFAULTS, concurrency, queue };
    return new InferencePool({ urls, token, fallback: url, options: pool, onChange });
  }
  const only = first ?? url;
  if (only === undefined) throw new Error('nobody serves models');
  return new InferenceClient(only, { ...options, token });
}
