import { describe, expect, it } from 'vitest';
import { microphoneHelp } from '../../../client/microphone-help.ts';
import { ending } from '../../../client/endings.ts';
import { explain, knocking, nameProblem } from '../../../client/messages.ts';
import { ErrorCode } from '../../../server/protocol/errors.ts';
import { DisplayName } from '../../../server/protocol/ids.ts';

describe('what a person reads', () => {
  it('says for every code what happened and what to do, calmly', () => {
    for (const code of [...ErrorCode.options, 'unreachable' as const]) {
      const { title, text } = explain(code);
      expect(title).not.toBe('');
      expect(text).toMatch(/\.$/);
      expect(title + text).not.toMatch(/!|oops/i);
    }
  });

  it('has its own message for each thing that can be put right', () => {
    const codes = [
      ...(['roomNotFound', 'roomFull', 'mediaFull', 'serverFull'] as const),
      ...(['nameTooLong', 'badLanguage'] as const),
      ...(['roomLocked', 'roomEnded', 'removed', 'waiting', 'lobbyFull', 'forbidden'] as const),
    ];
    expect(new Set(codes.map((code) => explain(code).title)).size).toBe(codes.length);
  });

  it.each([
    ...['', '   ', 'x'.repeat(65), 'a\u0007b', 'Ana', ' Ana ', 'x'.repeat(64), '李'],
    ...['\u202e', '\u200b', `\u202e${'x'.repeat(64)}`, '👩‍🔬'],
  ])('finds fault with the name %j exactly when the server would', (name) => {
    expect(nameProblem(name) === undefined).toBe(DisplayName.safeParse(name).success);
  });
});

describe('who knocks', () => {
  it('is named when it is one, counted when there are more', () => {
    expect(knocking([])).toBe('');
    expect(knocking([{ displayName: 'Eve' }])).toBe('Eve wants to come in.');
    expect(knocking([{ displayName: 'Eve' }, { displayName: 'Kim' }])).toBe(
      '2 people want to come in.',
    );
  });
});

describe('what a person reads at the end', () => {
  const reasons = [
    ...(['left', 'gone', 'full', 'stopping', 'lost', 'ended'] as const),
    ...(['removed', 'refused', 'unanswered', 'elsewhere'] as const),
  ];

  it('says for every reason what happened and what to do', () => {
    const texts = reasons.map(ending);
    for (const { title, text } of texts) {
      expect(text).toMatch(/\.$/);
      expect(title + text).not.toMatch(/!|oops/i);
    }
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length);
  });

  it('offers no way back to who was removed or refused', () => {
    for (const reason of ['removed', 'refused', 'ended', 'gone'] as const) {
      expect(ending(reason).back).toBeUndefined();
    }
  });
});

describe('help with the microphone', () => {
  it('says how to undo a refusal in the browser at hand', () => {
    const help = (['chromium', 'firefox', 'safari', 'other'] as const).map((browser) =>
      microphoneHelp('refused', browser, 'linux'),
    );
    expect(new Set(help).size).toBe(4);
  });

  it('knows that on a phone the system must allow it too', () => {
    const help = microphoneHelp('refused', 'safari', 'phone');
    expect(help).toContain('Website Settings');
    expect(help).toContain('settings of the phone');
  });
});
