import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { StartError } from '../errors.ts';

/** Where media sockets listen, and the address put into ICE candidates when it is another. */
export interface ListenAddress {
  readonly ip: string;
  readonly announcedAddress?: string;
}

type Family = 4 | 6;

const EVERYWHERE = { 4: '0.0.0.0', 6: '::' } as const;

/** Whether a bind address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** This machine's first address of a family, or of IPv4 before IPv6, that others can reach. */
export function firstExternalAddress(family?: Family): string | undefined {
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid = 0 }) => !internal && scopeid === 0);
  const of = (wanted: Family) => external.find((address) => address.family === `IPv${wanted}`);
  return (family ? of(family) : (of(4) ?? of(6)))?.address;
}

/**
 * Media follows the HTTP address: loopback stays on loopback, anything else listens everywhere, in
 * the families of the addresses announced: those asked for, or the bind address, or this machine's
 * first ones. Rejects with a StartError for an address that browsers could not use.
 */
export async function mediaListenAddresses(
  host: string,
  announced: readonly string[],
): Promise<readonly [ListenAddress, ...ListenAddress[]]> {
  if (isLoopback(host) && announced.length === 0) return [{ ip: '127.0.0.1' }];
  const wildcard = isLoopback(host) || host === EVERYWHERE[4] || host === EVERYWHERE[6];
  const own = wildcard ? ownAddresses(host) : [host];
  const found = await Promise.all((announced.length > 0 ? announced : own).map(checked));
  const [first, ...others] = found;
  return first === undefined ? [{ ip: '127.0.0.1' }] : [first, ...others];
}

/** IPv6 only where it was asked for. */
function ownAddresses(host: string): readonly string[] {
  const families: readonly Family[] = host === EVERYWHERE[6] ? [4, 6] : [4];
  const found = families.flatMap((family) => firstExternalAddress(family) ?? []);
  return found.length > 0 ? found : [firstExternalAddress() ?? []].flat();
}

async function checked(announcedAddress: string): Promise<ListenAddress> {
  const family = await familyOf(announcedAddress);
  if (announcedAddress === EVERYWHERE[4] || announcedAddress === EVERYWHERE[6]) {
    throw new StartError(
      `${announcedAddress} means every address, so browsers cannot be sent there. ` +
        'Set PARLEY_ANNOUNCED_ADDRESS to the one that they reach this server at.',
    );
  }
  return { ip: EVERYWHERE[family], announcedAddress };
}

async function familyOf(address: string): Promise<Family> {
  const literal = isIP(address);
  if (literal !== 0) return literal === 6 ? 6 : 4;
  const found = await lookup(address).catch((cause: unknown) => {
    throw new StartError(
      `There is no address named ${address}. Set PARLEY_ANNOUNCED_ADDRESS to one that browsers ` +
        'reach this server at.',
      { cause },
    );
  });
  return found.family === 6 ? 6 : 4;
}
