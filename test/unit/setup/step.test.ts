import { describe, expect, test, vi } from 'vitest';

interface Step {
  step: <T>(
    name: string,
    work: (show: (detail: string) => void) => Promise<T>,
    out: { write(text: string): void },
  ) => Promise<T>;
  duration: (milliseconds: number) => string;
}

const { step, duration } = await vi.importActual<Step>('../../../setup/step.mjs');

describe('step', () => {
  const paper = () => {
    const lines: string[] = [];
    return { lines, write: (text: string) => lines.push(text.trimEnd()) };
  };

  test('with nothing to do says nothing', async () => {
    const out = paper();
    expect(await step('Pages', () => Promise.resolve(7), out)).toBe(7);
    expect(out.lines).toEqual([]);
  });

  test('says what it does and that it is done', async () => {
    const out = paper();
    const work = (show: (detail: string) => void) => {
      show('building');
      return Promise.resolve();
    };
    await step('Pages', work, out);
    expect(out.lines).toEqual(['• Pages: building', '✓ Pages (0 s)']);
  });

  test('marks a failure and passes it on', async () => {
    const out = paper();
    const work = (show: (detail: string) => void) => {
      show('building');
      return Promise.reject(new Error('no'));
    };
    await expect(step('Pages', work, out)).rejects.toThrow('no');
    expect(out.lines.at(-1)).toBe('✗ Pages (0 s)');
  });

  test.each([
    [8_400, '8 s'],
    [59_600, '1 min 0 s'],
    [125_000, '2 min 5 s'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
