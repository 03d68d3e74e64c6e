import { describe, expect, it } from 'vitest';
import { tabAbility, tabProblemHelp } from '../../../client/tab-sound-help.ts';
import type { TabProblem } from '../../../client/tab-sound-help.ts';

describe('what is told before the browser’s dialog', () => {
  it('that Firefox, Safari and phones share no sound, and what does', () => {
    const impossible = [
      tabAbility('firefox', 'windows'),
      tabAbility('safari', 'mac'),
      tabAbility('chromium', 'phone'),
    ];
    expect(impossible.map(({ possible }) => possible)).toEqual([false, false, false]);
    expect(impossible[0]?.text).toContain('Use Chrome or Edge');
  });

  it('that tabs have sound everywhere else, and the whole system only where it does', () => {
    const systems = ['windows', 'chromeos', 'mac', 'linux'] as const;
    const told = systems.map((system) => tabAbility('chromium', system));
    expect(told.every(({ possible, text }) => possible && text.includes('tab audio'))).toBe(true);
    expect(told.map(({ text }) => text.includes('system audio'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(told[2]?.text).toContain('newer versions of macOS');
  });
});

it('every problem says what to do about it', () => {
  const problems: readonly TabProblem[] = [
    ...(['withoutSound', 'windowWithoutSound', 'refusedBySystem'] as const),
    ...(['unsupported', 'failed', 'ended'] as const),
  ];
  const told = problems.map(tabProblemHelp);
  expect(new Set(told).size).toBe(problems.length);
  expect(told.every((text) => /[Cc]hoose|Allow|Use/.test(text))).toBe(true);
});
