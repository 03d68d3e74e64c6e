import { describe, expect, test, vi } from 'vitest';

interface Packages {
  packagesFor: (purpose: string) => Record<string, string>;
}

const { packagesFor } = await vi.importActual<Packages>('../../../setup/packages.mjs');
const namesFor = (purpose: string) => Object.keys(packagesFor(purpose));

describe('the system packages', () => {
  test('a server without a relay needs no coturn', () => {
    expect(namesFor('start')).toContain('apertium');
    expect(namesFor('start')).not.toContain('coturn');
  });

  test('a relay is all that is added for --turn', () => {
    expect(namesFor('turn')).toEqual(['coturn']);
  });

  test('tests and benchmarks need what the server needs, a browser and a relay', () => {
    for (const purpose of ['test', 'bench']) {
      expect(namesFor(purpose)).toEqual(expect.arrayContaining(namesFor('start')));
      expect(namesFor(purpose)).toEqual(expect.arrayContaining(['chromium', 'coturn']));
    }
    expect(namesFor('bench')).toContain('ffmpeg');
    expect(namesFor('test')).not.toContain('ffmpeg');
  });

  test('only tests need torch, and only where Debian has it', () => {
    expect(
      ['start', 'test', 'bench', 'turn'].filter((purpose) =>
        namesFor(purpose).includes('python3-torch'),
      ),
    ).toEqual(['test']);
    expect(packagesFor('test')['python3-torch']).toBe('python3');
  });

  test('a purpose nobody knows is a mistake', () => {
    expect(() => packagesFor('strat')).toThrow(/strat/);
  });
});
