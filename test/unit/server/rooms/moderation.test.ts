import { describe, expect, test } from 'vitest';
import { RequestError } from '../../../../server/errors.ts';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { Moderation } from '../../../../server/rooms/moderation.ts';

const person = (id: string) =>
  ({ peerId: PeerId.parse(id), role: 'guest', returning: false }) as const;
/** With which code it is refused; undefined when it is not. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof RequestError ? error.code : String(error);
  }
}

describe('what hosts have decided', () => {
  test('a meeting begins open to everyone', () => {
    const moderation = new Moderation();
    expect(moderation.mustAsk(person('ann'))).toBe(false);
    expect([moderation.entry('guest'), moderation.entry('host')]).toEqual(['open', 'open']);
  });

  test('a locked meeting with a lobby is locked', () => {
    const moderation = new Moderation();
    moderation.change({ lobby: true, locked: true });
    expect(moderation.entry('guest')).toBe('locked');
    moderation.change({ locked: false });
    expect(moderation.entry('guest')).toBe('lobby');
  });

  test('after its end not even those who were in come back, until a host opens it', () => {
    const moderation = new Moderation();
    moderation.change({ locked: true });
    moderation.end();
    const back = { ...person('ann'), returning: true };
    expect(codeOf(() => moderation.mustAsk(back))).toBe('roomEnded');
    moderation.entered('guest');
    expect(codeOf(() => moderation.entry('guest'))).toBe('roomEnded');
    moderation.entered('host');
    expect(moderation.mustAsk(back)).toBe(false);
    expect(moderation.policy.locked).toBe(false);
  });

  test('remembers a bounded number of those removed, the last ones', () => {
    const moderation = new Moderation();
    for (let i = 0; i < 1_001; i += 1) moderation.remove(person(`p${i}`).peerId);
    expect(moderation.mustAsk(person('p0'))).toBe(false);
    expect(codeOf(() => moderation.mustAsk(person('p1')))).toBe('removed');
    expect(codeOf(() => moderation.mustAsk(person('p1000')))).toBe('removed');
  });
});
