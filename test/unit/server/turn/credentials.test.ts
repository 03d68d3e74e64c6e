import { describe, expect, test } from 'vitest';
import { turnCredentials } from '../../../../server/turn/credentials.ts';

const request = {
  secret: 'north-star-north-star-north-star',
  peerId: 'ana',
  now: 1_700_000_000_000,
  ttlMs: 300_000,
};

describe('credentials for a relay', () => {
  /** From: printf %s 1700000300:ana | openssl dgst -sha1 -hmac SECRET -binary | base64 */
  test('are the ones any other program makes from the same secret', () => {
    expect(turnCredentials(request)).toEqual({
      username: '1700000300:ana',
      credential: 'VIcJE0/UnXNfeW08uIGG5B/5gNU=',
    });
  });

  test('last for at least the time asked for', () => {
    expect(turnCredentials({ ...request, now: request.now + 1 }).username).toBe('1700000301:ana');
  });

  test('are of no use to someone else, later, or for another relay', () => {
    const { credential } = turnCredentials(request);
    expect(turnCredentials({ ...request, peerId: 'eve' }).credential).not.toBe(credential);
    expect(turnCredentials({ ...request, ttlMs: 600_000 }).credential).not.toBe(credential);
    expect(turnCredentials({ ...request, secret: 'other' }).credential).not.toBe(credential);
  });
});
