import { networkInterfaces } from 'node:os';

/** Where media sockets listen, and the address put into ICE candidates when it is another. */
export interface ListenAddress {
  readonly ip: string;
  readonly announcedAddress?: string;
}

/** Whether a bind address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** This machine's first address that others can reach, IPv4 before IPv6. */
export function firstExternalAddress(): string | undefined {
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal);
  return (external.find((address) => address.family === 'IPv4') ?? external[0])?.address;
}

/**
 * Media follows the HTTP address: loopback stays on loopback, anything else listens everywhere and
 * announces the address asked for, the bind address, or this machine's first one.
 */
export function mediaListenAddress(host: string, announced: string): ListenAddress {
  if (isLoopback(host) && announced === '') return { ip: '127.0.0.1' };
  const wildcard = host === '0.0.0.0' || host === '::' || isLoopback(host);
  const announcedAddress = announced || (wildcard ? firstExternalAddress() : host);
  return announcedAddress === undefined ? { ip: '127.0.0.1' } : { ip: '0.0.0.0', announcedAddress };
}
