import { describe, expect, test } from 'vitest';
import { readArguments, UsageError, USAGE } from '../../load/arguments.ts';

const wrong = (...argv: string[]) => {
  try {
    readArguments(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was understood');
};

describe('the command line of the load tool', () => {
  test('asks for a small load of an own server when it says nothing', () => {
    expect(readArguments([])).toMatchObject({
      ...{ rooms: 2, peers: 3, speakers: 1, languages: 1, minutes: 1 },
      ...{ rtp: false, writeCapacity: false, thresholds: {} },
    });
  });

  test('takes a load, a server and thresholds', () => {
    const load = ['--rooms', '4', '--peers', '6', '--speakers', '2', '--languages', '3'];
    const rest = ['--minutes', '0.5', '--url', 'http://localhost:8080/', '--report', 'a.json'];
    const asked = readArguments([...load, ...rest, '--max-late-frames', '0.01', '--min-heard=0.9']);
    expect(asked).toMatchObject({
      ...{ rooms: 4, peers: 6, speakers: 2, languages: 3, minutes: 0.5 },
      ...{ url: 'http://localhost:8080', report: 'a.json' },
      thresholds: { maxLateFrames: 0.01, minHeard: 0.9 },
    });
  });

  test('tells what there is, each option by the name it is read by', () => {
    expect(readArguments(['--help'])).toBe('help');
    for (const [option] of USAGE.matchAll(/--[a-z-]+(?= [A-Z])/g)) {
      const values = { '--url': 'http://a', '--metrics': 'http://a', '--report': 'a.json' };
      const value = { ...values, '--peers': '9' }[option];
      const given = [
        option,
        value ?? '1',
        ...(option === '--metrics' ? ['--url', 'http://a'] : []),
      ];
      expect(() => readArguments(given), option).not.toThrow();
    }
  });

  test.each([
    [['--room', '2'], /--room/],
    [['--rooms', 'many'], /--rooms/],
    [['--rooms', '0'], /--rooms/],
    [['--minutes', '-1'], /--minutes/],
    [['--url', 'ftp://a'], /--url/],
    [['--max-late-frames', '2'], /--max-late-frames/],
    [['--report', 'a.txt'], /\.json/],
    [['--rtp', '--url', 'http://a'], /--rtp/],
    [['--write-capacity', '--url', 'http://a'], /--write-capacity/],
    [['--metrics', 'http://a'], /--metrics/],
    [['--peers', '2', '--speakers', '3', '--languages', '0'], /--speakers/],
    [['--peers', '2', '--speakers', '1', '--languages', '2'], /--languages/],
    [['stray'], /stray/],
  ])('%j is refused by name', (argv, message) => {
    expect(wrong(...argv)).toMatch(message);
  });
});
