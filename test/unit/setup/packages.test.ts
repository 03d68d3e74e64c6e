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
    expect(namesFor('bench')).toContain('gstreamer1.0-tools');
    expect(namesFor('test')).not.toContain('gstreamer1.0-tools');
  });

  test('bots need what the server needs, and something to say', () => {
    const more = namesFor('load').filter((name) => !namesFor('start').includes(name));
    expect(more).toEqual(['pocketsphinx-testdata']);
  });

  test('files of sound are read in tests; a server does without until it has an API', () => {
    expect(namesFor('test')).toContain('ffmpeg');
    expect(namesFor('start')).not.toContain('ffmpeg');
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
