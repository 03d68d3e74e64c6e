import { setTimeout } from 'node:timers/promises';
import { costs } from '../figures.ts';
import type { ProcessCost } from '../report.ts';
import { ownServer } from '../target.ts';

/** A server that has just started has something left to do. */
const SETTLE_MS = 5_000;
const REST_MS = 15_000;

/** What a server costs that nobody uses. */
export async function restOf(): Promise<readonly ProcessCost[]> {
  await using server = await ownServer();
  await setTimeout(SETTLE_MS);
  const before = await server.figures();
  const began = performance.now();
  await setTimeout(REST_MS);
  return costs(before, await server.figures(), performance.now() - began);
}
