import { expect, test } from 'vitest';
import { isAllowedOrigin } from '../../../../server/signaling/origin.ts';

const allowed = ['http://localhost:5173'];

test.each([
  ['our own page', 'https://parley.example', 'parley.example', true],
  ['our own page on a port', 'http://localhost:8080', 'localhost:8080', true],
  ['a page allowed by name', 'http://localhost:5173', 'localhost:8080', true],
  ['a program that is no page', undefined, 'localhost:8080', true],
  ['another page', 'https://evil.example', 'parley.example', false],
  ['our name on another port', 'http://localhost:9999', 'localhost:8080', false],
  ['our name inside another', 'https://parley.example.evil.example', 'parley.example', false],
  ['a page without origin', 'null', 'parley.example', false],
  ['nonsense', '::::', 'parley.example', false],
])('%s', (_who, origin, host, expected) => {
  expect(isAllowedOrigin(origin, host, allowed)).toBe(expected);
});
