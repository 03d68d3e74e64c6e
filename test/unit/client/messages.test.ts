import { describe, expect, it } from 'vitest';
import { browserOf, microphoneHelp } from '../../../client/microphone-help.ts';
import { explain, nameProblem } from '../../../client/messages.ts';
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
    ];
    expect(new Set(codes.map((code) => explain(code).title)).size).toBe(codes.length);
  });

  it.each(['', '   ', 'x'.repeat(65), 'a\u0007b', 'Ana', ' Ana ', 'x'.repeat(64), '李'])(
    'finds fault with the name %j exactly when the server would',
    (name) => {
      expect(nameProblem(name) === undefined).toBe(DisplayName.safeParse(name).success);
    },
  );
});

describe('help with the microphone', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36';
  const safari = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15';

  it('tells the browsers apart', () => {
    expect(browserOf(chrome)).toBe('chromium');
    expect(browserOf(safari)).toBe('safari');
    expect(browserOf('Mozilla/5.0 (X11; rv:150.0) Gecko/20100101 Firefox/150.0')).toBe('firefox');
    expect(browserOf('curl')).toBe('other');
  });

  it('says how to undo a refusal in the browser at hand', () => {
    const help = (['chromium', 'firefox', 'safari', 'other'] as const).map((browser) =>
      microphoneHelp('refused', browser),
    );
    expect(new Set(help).size).toBe(4);
  });
});
