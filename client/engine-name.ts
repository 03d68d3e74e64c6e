/** What the built-in engine calls itself. */
export const BUILT_IN = 'offline';

/** What brings better models to a server. */
export const PULL_MODELS = 'npm run models -- pull standard';

const NAMES: ReadonlyMap<string, string> = new Map([
  [BUILT_IN, 'the built-in engine'],
  ['canary', 'Canary'],
  ['canary-1b-v2', 'Canary 1B v2'],
  ['canary-1b-v2-int8', 'Canary 1B v2'],
  ['canary-180m-flash-int8', 'Canary 180M Flash'],
]);

/** An engine's name for people; one not known here is called what it calls itself. */
export function engineName(name: string): string {
  return NAMES.get(name) ?? name;
}
