import { m } from './paraglide/messages.js';

/** What the built-in engine calls itself. */
export const BUILT_IN = 'offline';

/** What brings better models to a server. */
export const PULL_MODELS = 'npm run models -- pull standard';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['canary', 'Canary'],
  ['canary-1b-v2', 'Canary 1B v2'],
  ['canary-1b-v2-int8', 'Canary 1B v2'],
  ['canary-180m-flash-int8', 'Canary 180M Flash'],
]);

/** An engine's name for people; one not known here is called what it calls itself. */
export function engineName(name: string): string {
  return name === BUILT_IN ? m.shared_engine_built_in() : (NAMES.get(name) ?? name);
}
