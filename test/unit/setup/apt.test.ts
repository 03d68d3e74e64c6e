import { describe, expect, test, vi } from 'vitest';

interface Apt {
  installedPackages: (listing: string) => Set<string>;
  aptProgress: (line: string) => string | undefined;
  asRoot: (
    missing: string[],
    machine: { uid: number; find: (command: string) => boolean },
  ) => string[];
}

const apt = await vi.importActual<Apt>('../../../setup/apt.mjs');
const MISSING = ['apertium', 'chromium'];
const COMMAND = 'apt-get update && apt-get install --no-install-recommends apertium chromium';

describe('system packages', () => {
  test('counts only what is fully installed', () => {
    const listing = 'ii apertium\nhi chromium\nrc espeak-ng\niU g++\nun ninja-build\n';
    expect(apt.installedPackages(listing)).toEqual(new Set(['apertium', 'chromium']));
  });

  test('shows how far apt is', () => {
    expect(apt.aptProgress('dlstatus:3:41.6:Retrieving file 3 of 7 (12s remaining)')).toBe(
      '42 % Retrieving file 3 of 7 (12s remaining)',
    );
    expect(apt.aptProgress('pmstatus:apertium:80.0:Installing apertium (amd64)')).toBe(
      '80 % Installing apertium (amd64)',
    );
    expect(apt.aptProgress('Reading package lists...')).toBeUndefined();
  });

  test('needs nothing before a command for root', () => {
    expect(apt.asRoot(MISSING, { uid: 0, find: () => true })).toEqual([]);
  });

  test('names the exact command when there is neither root nor sudo', () => {
    const find = (command: string) => command !== 'sudo';
    expect(() => apt.asRoot(MISSING, { uid: 1000, find })).toThrow(/needs root: apertium chromium/);
    expect(() => apt.asRoot(MISSING, { uid: 1000, find })).toThrow(COMMAND);
  });

  test('says so on a system without apt-get', () => {
    expect(() => apt.asRoot(MISSING, { uid: 0, find: () => false })).toThrow(/not a Debian system/);
  });
});
