import { expect, test } from 'vitest';
import {
  firstExternalAddress,
  isLoopback,
  mediaListenAddress,
} from '../../../../server/sfu/listen-address.ts';

test('loopback is known by its names', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '::1']) {
    expect(isLoopback(host)).toBe(true);
  }
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.example.org', 'localhost.evil.example']) {
    expect(isLoopback(host)).toBe(false);
  }
});

test('media stay on loopback while the server does', () => {
  expect(mediaListenAddress('localhost', '')).toEqual({ ip: '127.0.0.1' });
});

test('media listen everywhere and announce where they can be reached', () => {
  expect(mediaListenAddress('0.0.0.0', '203.0.113.5')).toEqual({
    ip: '0.0.0.0',
    announcedAddress: '203.0.113.5',
  });
  expect(mediaListenAddress('192.0.2.1', '')).toEqual({
    ip: '0.0.0.0',
    announcedAddress: '192.0.2.1',
  });
  expect(mediaListenAddress('localhost', '203.0.113.5').announcedAddress).toBe('203.0.113.5');
});

test('a wildcard without an address to announce never announces the wildcard', () => {
  const { announcedAddress } = mediaListenAddress('0.0.0.0', '');
  expect(announcedAddress).toBe(firstExternalAddress());
});
