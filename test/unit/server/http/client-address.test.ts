import { describe, expect, test } from 'vitest';
import {
  clientAddress,
  ProxyAddress,
  trustedProxies,
  trustsNobody,
} from '../../../../server/http/client-address.ts';

const proxies = trustedProxies(['10.77.0.0/24', '192.0.2.7', 'fd00::/8']);

describe('who asks', () => {
  test('is the peer itself where no proxy is ours', () => {
    expect(clientAddress('203.0.113.9', '198.51.100.1', trustsNobody)).toBe('203.0.113.9');
    expect(clientAddress('203.0.113.9', '198.51.100.1', proxies)).toBe('203.0.113.9');
  });

  test.each([
    ['one proxy', '10.77.0.2', '203.0.113.9'],
    ['a proxy on a socket for both families', '::ffff:10.77.0.2', '203.0.113.9'],
    ['a proxy on IPv6', 'fd12::2', '203.0.113.9'],
    ['two proxies', '10.77.0.2', '203.0.113.9, 192.0.2.7'],
    ['two proxies in two headers', '10.77.0.2', ['203.0.113.9', '192.0.2.7']],
    ['what the client wrote itself', '10.77.0.2', '198.51.100.1, 203.0.113.9'],
    ['a lie that names a proxy', '10.77.0.2', '10.77.0.3, 203.0.113.9'],
  ])('is told by the proxy: %s', (_, peer, header) => {
    expect(clientAddress(peer, header, proxies)).toBe('203.0.113.9');
  });

  test.each([
    ['says nothing', undefined],
    ['says nothing but commas', ' , ,'],
    ['says what is no address', 'unknown'],
    ['says an address and a port', '203.0.113.9:1234'],
  ])('is the proxy where it %s', (_, header) => {
    expect(clientAddress('10.77.0.2', header, proxies)).toBe('10.77.0.2');
  });

  test('is found at once, however long the header', () => {
    const header = '203.0.113.9,'.repeat(10_000) + '198.51.100.1';
    expect(clientAddress('10.77.0.2', header, proxies)).toBe('198.51.100.1');
  });

  test('may be anything a socket calls its peer', () => {
    expect(clientAddress('', '203.0.113.9', proxies)).toBe('');
  });
});

test.each(['10.77.0.0/24', '192.0.2.7', '0.0.0.0/0', '::1', 'fd00::/8', '::/0'])(
  '%s is a proxy, or a network of them',
  (entry) => {
    expect(ProxyAddress.safeParse(entry).success).toBe(true);
  },
);

test.each([
  '',
  'proxy.example',
  '10.77.0.0/33',
  '10.77.0.0/',
  '10.77.0.0/8/8',
  '/8',
  '::/129',
  '*',
])('“%s” is none', (entry) => {
  expect(ProxyAddress.safeParse(entry).success).toBe(false);
});
