import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaults } from '../../../../config/defaults.ts';
import { turnserverConf } from '../../../../server/turn/turnserver-conf.ts';

const TEMPLATE = new URL('../../../../docker/coturn/turnserver.conf', import.meta.url);
const { port, minPort, maxPort } = defaults.server.turn;

/** What docker/coturn/turnserver.conf gives as examples. */
const examples = {
  listenAddresses: ['198.51.100.20'],
  peerAddresses: ['203.0.113.10'],
  port,
  minPort,
  maxPort,
  secret: 'REPLACE_ME_with_64_characters_of_openssl_rand_hex_32',
  tls: {
    port: 443,
    certFile: '/etc/coturn/fullchain.pem',
    keyFile: '/etc/coturn/privkey.pem',
  },
};

describe('the configuration of coturn', () => {
  test('has the same rules beside the server and on a machine of its own', () => {
    const template = directives(readFileSync(TEMPLATE, 'utf8'));
    expect(template).toEqual(directives(turnserverConf(examples)));
  });

  test('the template gives a reason for every rule', () => {
    const paragraphs = readFileSync(TEMPLATE, 'utf8').trim().split('\n\n');
    const bare = paragraphs.filter((paragraph) => !paragraph.startsWith('#'));
    expect(bare).toEqual([]);
  });

  test('lets the relay send to the media server at each of its addresses', () => {
    const lines = directives(
      turnserverConf({ ...examples, peerAddresses: ['10.1.2.3', 'fd00::5'] }),
    );
    expect(lines.filter((line) => line.startsWith('allowed-peer-ip'))).toEqual([
      'allowed-peer-ip=10.1.2.3',
      'allowed-peer-ip=fd00::5',
    ]);
  });

  test('without a certificate there is no TLS, rather than a broken one', () => {
    const lines = directives(turnserverConf({ ...examples, tls: undefined }));
    expect(lines).toEqual(expect.arrayContaining(['no-tls', 'no-dtls']));
    expect(lines.filter((line) => /^(tls|cert|pkey)/.test(line))).toEqual([]);
  });
});

function directives(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort();
}
