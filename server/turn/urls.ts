import { isIPv6 } from 'node:net';

/** How browsers reach a relay (RFC 7065), the cheapest way first; without `tlsPort` there is no TLS. */
export function relayUrls(name: string, port: number, tlsPort?: number): readonly string[] {
  const host = isIPv6(name) ? `[${name}]` : name;
  const plain = [`turn:${host}:${port}?transport=udp`, `turn:${host}:${port}?transport=tcp`];
  return tlsPort === undefined ? plain : [...plain, `turns:${host}:${tlsPort}?transport=tcp`];
}
