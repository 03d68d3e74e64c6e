import { lookup } from 'node:dns/promises';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { StartError } from '../errors.ts';
import { isLoopback } from '../sfu/listen-address.ts';

/** The addresses of host names; addresses are left as they are. */
export async function addressesOf(hosts: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(hosts.map(resolve));
  return [...new Set(found.flat())];
}

async function resolve(host: string): Promise<readonly string[]> {
  if (isIP(host)) return [host];
  const found = await lookup(host, { all: true }).catch((cause: unknown) => {
    throw new StartError(
      `There is no address named ${host}. Set PARLEY_ANNOUNCED_ADDRESS, and PARLEY_HOST unless it ` +
        'is an address of this machine, to addresses or names that exist.',
      { cause },
    );
  });
  return found.map(({ address }) => address);
}

/**
 * Where a relay beside a server on `host` listens. It must be reachable from elsewhere, so for a
 * server on loopback (behind a proxy, say) or on every address, these are all that are.
 */
export async function relayAddresses(host: string): Promise<readonly string[]> {
  if (host !== '0.0.0.0' && host !== '::' && !isLoopback(host)) return addressesOf([host]);
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ internal, address }) => !internal && !isLinkLocal(address))
    .map(({ address }) => address)
    .filter((address) => host !== '0.0.0.0' || isIPv4(address));
}

function isLinkLocal(address: string): boolean {
  return /^(169\.254\.|fe[89ab][\da-f]:)/i.test(address);
}

/** A port of this machine. */
export interface Endpoint {
  readonly kind: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** The setting that chose it. */
  readonly setting: string;
}

/**
 * Rejects with a StartError unless the port can be listened on. coturn itself would go on trying,
 * or share the port with another coturn.
 */
export async function requireFree(endpoint: Endpoint): Promise<void> {
  const { kind, address, port, setting } = endpoint;
  try {
    await (kind === 'udp' ? tryUdp(address, port) : tryTcp(address, port));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const where = `${kind.toUpperCase()} port ${port}`;
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE:
        `${where}, which the relay needs, is already in use, perhaps by another relay. ` +
        `Stop that program (for Debian's own: systemctl disable --now coturn), or set ${setting}.`,
      EACCES: `${where} may not be used by the relay without more rights. Set ${setting} to one above 1023.`,
      EADDRNOTAVAIL: `This machine has no address ${address}. Set PARLEY_HOST to one it has.`,
    };
    const reason = reasons[String(code)] ?? `The relay cannot listen on ${address}, ${where}.`;
    throw new StartError(reason, { cause });
  }
}

async function tryUdp(address: string, port: number): Promise<void> {
  const socket = createSocket(isIPv4(address) ? 'udp4' : 'udp6');
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}

async function tryTcp(address: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
  } finally {
    server.close();
  }
}
