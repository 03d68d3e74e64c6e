import { expect, test } from 'vitest';
import {
  firstExternalAddress,
  isLoopback,
  mediaListenAddresses,
} from '../../../../server/sfu/listen-address.ts';

test('loopback is known by its names', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '::1']) {
    expect(isLoopback(host)).toBe(true);
  }
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.example.org', 'localhost.evil.example']) {
    expect(isLoopback(host)).toBe(false);
  }
});

test('media stay on loopback while the server does', async () => {
  expect(await mediaListenAddresses('localhost', [])).toEqual([{ ip: '127.0.0.1' }]);
});

test('media listen everywhere and announce where they can be reached, in both families', async () => {
  const v4 = { ip: '0.0.0.0', announcedAddress: '203.0.113.5' };
  const v6 = { ip: '::', announcedAddress: '2001:db8::5' };
  expect(await mediaListenAddresses('0.0.0.0', ['203.0.113.5'])).toEqual([v4]);
  expect(await mediaListenAddresses('::', ['203.0.113.5', '2001:db8::5'])).toEqual([v4, v6]);
  expect(await mediaListenAddresses('localhost', ['203.0.113.5'])).toEqual([v4]);
  expect(await mediaListenAddresses('203.0.113.5', [])).toEqual([v4]);
  expect(await mediaListenAddresses('2001:db8::5', [])).toEqual([v6]);
});

test('a name is announced as it is, in the family it stands for', async () => {
  const [first] = await mediaListenAddresses('0.0.0.0', ['localhost']);
  expect(first.announcedAddress).toBe('localhost');
  expect(['0.0.0.0', '::']).toContain(first.ip);
});

test('a wildcard without an address to announce announces this machine’s first', async () => {
  const [first] = await mediaListenAddresses('0.0.0.0', []);
  expect(first.announcedAddress).toBe(firstExternalAddress(4) ?? firstExternalAddress());
});

test.each(['0.0.0.0', '::'])('browsers are never sent to %s', async (wildcard) => {
  await expect(mediaListenAddresses('0.0.0.0', [wildcard])).rejects.toThrow(
    /PARLEY_ANNOUNCED_ADDRESS/,
  );
});

test('a name that leads nowhere stops the start with a message', async () => {
  await expect(mediaListenAddresses('0.0.0.0', ['nowhere.invalid'])).rejects.toThrow(
    /no address named nowhere.invalid/,
  );
});
