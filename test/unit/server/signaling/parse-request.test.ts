import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RequestError } from '../../../../server/errors.ts';
import { requests } from '../../../../server/protocol/requests.ts';
import { isRequestName, parseRequest } from '../../../../server/signaling/parse-request.ts';
import { opusCapabilities } from '../../../support/fake-sfu.ts';

const LIMIT = 65_536;
const join = {
  displayName: ' Ann ',
  speak: 'en',
  hear: 'zh-Hant-TW',
  hearOwn: false,
  keepWords: false,
  rtpCapabilities: opusCapabilities,
};

function codeFor(data: unknown, name: keyof typeof requests = 'join'): string {
  try {
    parseRequest<unknown>(requests[name], data, LIMIT);
    return 'none';
  } catch (error) {
    if (error instanceof RequestError) return error.code;
    throw error;
  }
}

describe('a good request', () => {
  test('is parsed, with the name trimmed', () => {
    expect(parseRequest(requests.join, join, LIMIT)).toMatchObject({ displayName: 'Ann' });
  });

  test.each(['en', 'es-419', 'zh-Hant', 'sr-Latn-RS', 'gsw'])('speaks %s', (speak) => {
    expect(codeFor({ ...join, speak })).toBe('none');
  });
});

test.each([null, { allowed: [] }, { allowed: ['en', 'zh-Hant'] }])('detects %j', (detect) => {
  expect(codeFor({ ...join, detect })).toBe('none');
});

describe('a bad request', () => {
  test.each<[string, unknown]>([
    ['badRequest', undefined],
    ['badRequest', {}],
    ['badRequest', { ...join, extra: 1 }],
    ['badRequest', { ...join, rtpCapabilities: { codecs: 'opus' } }],
    ['badRequest', JSON.parse(`{"__proto__": {"displayName": "Ann"}}`)],
    ['badRequest', JSON.parse('{"constructor": {"prototype": {"polluted": true}}}')],
    ['badLanguage', { ...join, speak: 'EN' }],
    ['badLanguage', { ...join, hear: 'en; drop table' }],
    ['nameTooLong', { ...join, displayName: 'é'.repeat(65) }],
    ['badRequest', { ...join, roomId: 'A'.repeat(22) }],
    ['badRequest', { ...join, captionsAfter: -1 }],
    ['badRequest', { ...join, detect: { allowed: ['en', 'Klingon'] } }],
    ['badRequest', { ...join, detect: { allowed: Array.from({ length: 31 }, () => 'en') } }],
    ['badRequest', { ...join, detect: { allowed: ['en'], also: 1 } }],
    ['badRequest', { ...join, detect: ['en', 'de'] }],
    ['tooLarge', { ...join, displayName: 'x'.repeat(LIMIT) }],
  ])('is %s', (code, data) => {
    expect(codeFor(data)).toBe(code);
  });

  test('nothing a request carries gets into the prototype of objects', () => {
    codeFor(JSON.parse('{"__proto__": {"polluted": true}, "roomId": 1}'));
    expect({}).not.toHaveProperty('polluted');
  });

  test('what is wrong is not told at the length at which it was asked', () => {
    const names = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`name${i}`, 0]));
    expect(() => parseRequest(requests.leave, names, LIMIT * 2)).toThrow(/^.{1,200}$/s);
  });

  test('a length that is no number is refused, though the parser itself trips over it', () => {
    const trap = { length: { toString: 1 } };
    expect(codeFor({ ...join, displayName: trap })).toBe('badRequest');
    expect(codeFor({ text: trap }, 'chat:send')).toBe('badRequest');
    expect(codeFor({ allowed: trap, most: 1 }, 'host:languages')).toBe('badRequest');
  });

  test('circular data is refused as too large', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(codeFor(circle)).toBe('tooLarge');
  });

  test('an empty list of fingerprints, which would kill a worker, never passes', () => {
    const data = { transportId: 't', dtlsParameters: { role: 'client', fingerprints: [] } };
    expect(codeFor(data, 'connectWebRtcTransport')).toBe('badRequest');
  });

  test('whatever comes, parsing answers with data or a RequestError', () => {
    const names = fc.constantFrom(...Object.keys(requests).filter(isRequestName));
    fc.assert(
      fc.property(names, fc.anything({ withNullPrototype: true, maxDepth: 4 }), (name, data) => {
        codeFor(data, name);
      }),
    );
  });

  test('a good request with one field broken is refused or harmless', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(join)), fc.anything(), (field, value) => {
        const code = codeFor({ ...join, [field]: value });
        if (code === 'none') expect(typeof value).toBe(typeof Reflect.get(join, field));
      }),
    );
  });
});

test('only our own events are requests, not what objects inherit', () => {
  expect(isRequestName('join')).toBe(true);
  for (const name of ['constructor', '__proto__', 'hasOwnProperty', 'valueOf', '']) {
    expect(isRequestName(name)).toBe(false);
  }
});
