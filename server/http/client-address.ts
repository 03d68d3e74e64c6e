import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** Whether an address is that of a proxy of ours, which says truly for whom it asks. */
export type Trusts = (address: string) => boolean;

/** `10.77.0.1`, or a network such as `10.77.0.0/24` and `fd00::/8`. */
export const ProxyAddress = z.string().refine(isNetwork, 'neither an address nor a network');

/** Nobody: everyone asks for themselves. */
export const trustsNobody: Trusts = () => false;

/** Addresses and networks as ProxyAddress has them. */
export function trustedProxies(entries: readonly string[]): Trusts {
  const ours = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    if (bits === undefined) ours.addAddress(address, familyOf(address));
    else ours.addSubnet(address, Number(bits), familyOf(address));
  }
  // An IPv4 address written as IPv6, as sockets that listen on both see it, is found as well.
  return (address) => isIP(address) !== 0 && ours.check(address, familyOf(address));
}

/**
 * Who asks, behind any number of proxies of ours: each adds whom it heard at the end of
 * X-Forwarded-For, so that from the end the first who is none of them is meant. What stands before
 * that anyone may have written, and it is not read.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | readonly string[] | undefined,
  trusts: Trusts,
): string {
  const heard = [forwardedFor ?? []].flat().join(',').split(',');
  const chain = heard.map((address) => address.trim()).filter((address) => address !== '');
  let client = peer;
  while (trusts(client)) {
    const next = chain.pop();
    if (next === undefined || isIP(next) === 0) break;
    client = next;
  }
  return client;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
  );
}
