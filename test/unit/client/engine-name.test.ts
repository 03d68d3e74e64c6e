import { expect, it } from 'vitest';
import { engineName } from '../../../client/engine-name.ts';

it.each([
  ['offline', 'the built-in engine'],
  ['canary-1b-v2-int8', 'Canary 1B v2'],
  ['canary-180m-flash-int8', 'Canary 180M Flash'],
  ['canary', 'Canary'],
  ['someone else’s', 'someone else’s'],
])('an engine that calls itself %s is called %s', (name, called) => {
  expect(engineName(name)).toBe(called);
});
