import { describe, expect, test } from 'vitest';
import { DisplayName } from '../../../../server/protocol/ids.ts';

describe('a display name', () => {
  test.each(['Ann', 'Ćwikła-Żądło', 'חנה', 'أحمد', '王小明', '👩‍🔬', '<b>Ann</b>', "O'Neill"])(
    'may be %j, which stays as it is',
    (name) => {
      expect(DisplayName.parse(name)).toBe(name);
    },
  );

  test('turns none of the words beside it', () => {
    expect(DisplayName.parse(' \u202eאann\u2069\u2066 ')).toBe('אann');
  });

  test.each(['', '   ', '\u202e', '\u200b\u200d', 'a\u0007b', 'a'.repeat(65)])(
    'is not %j',
    (name) => {
      expect(DisplayName.safeParse(name).success).toBe(false);
    },
  );
});
