import { expect, test } from 'vitest';
import { speakable } from '../../../../inference/text/speakable.ts';

/**
 * One test a line of `table`: what is written, `=>`, what is to be said. The full stop that every
 * text without a closing sign gets is left out of the table.
 */
export function saysAsWritten(language: string, table: string): void {
  const rows = table
    .split('\n')
    .filter((row) => row.includes('=>'))
    .map((row) => row.split('=>').map((cell) => cell.trim()));
  test.each(rows)('%s', (written = '', said = '') => {
    expect(speakable(written, language)).toBe(/[.!?]$/u.test(said) ? said : `${said}.`);
  });
}
