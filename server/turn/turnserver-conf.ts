/** What differs from one relay to the next; the rules are the same for all. */
export interface TurnserverSettings {
  /** Addresses it listens on and relays from. */
  readonly listenAddresses: readonly string[];
  /** UDP and TCP. */
  readonly port: number;
  readonly secret: string;
  /** Addresses of the media server: the only ones it sends to. */
  readonly peerAddresses: readonly string[];
  /** UDP ports it relays from, both included. */
  readonly minPort: number;
  readonly maxPort: number;
  /** Without it there is no TLS. */
  readonly tls: TurnserverTls | undefined;
}

export interface TurnserverTls {
  readonly port: number;
  /** Paths of PEM files. */
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * The configuration of coturn's turnserver. docker/coturn/turnserver.conf is the same one with the
 * reason for each line, for a relay on another machine; a test holds the two together.
 */
export function turnserverConf(settings: TurnserverSettings): string {
  const { listenAddresses, peerAddresses, port, tls, secret, minPort, maxPort } = settings;
  const lines = [
    ...listenAddresses.map((address) => `listening-ip=${address}`),
    `listening-port=${port}`,
    ...tlsLines(tls),
    `min-port=${minPort}`,
    `max-port=${maxPort}`,

    'realm=parley',
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'stale-nonce=600',

    ...peerAddresses.map((address) => `allowed-peer-ip=${address}`),
    'denied-peer-ip=0.0.0.0-255.255.255.255',
    'denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'no-multicast-peers',
    'no-tcp-relay',

    'user-quota=24',
    `total-quota=${maxPort - minPort + 1}`,
    'max-bps=500000',
    'max-allocate-lifetime=600',

    'no-cli',
    'no-rfc5780',
    'no-software-attribute',
    'userdb=:memory:',
    'no-dynamic-ip-list',
    'no-dynamic-realms',
    'log-file=stdout',
    'pidfile=',
  ];
  return `${lines.join('\n')}\n`;
}

function tlsLines(tls: TurnserverTls | undefined): readonly string[] {
  if (tls === undefined) return ['no-tls', 'no-dtls'];
  return [
    `tls-listening-port=${tls.port}`,
    `cert=${tls.certFile}`,
    `pkey=${tls.keyFile}`,
    'no-tlsv1',
    'no-tlsv1_1',
    'no-dtls',
  ];
}
