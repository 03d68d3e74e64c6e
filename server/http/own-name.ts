import { firstExternalAddress, isLoopback } from '../sfu/listen-address.ts';

/** The name a person types for an address that is listened on. */
export function visibleHost(host: string): string {
  if (isLoopback(host)) return 'localhost';
  const visible = host === '0.0.0.0' || host === '::' ? firstExternalAddress() : host;
  return visible?.includes(':') ? `[${visible}]` : (visible ?? 'localhost');
}

/**
 * A certificate of our own making, kept in `folder`. What makes it is loaded only here, because plain
 * HTTP needs none of it.
 */
export async function developmentTls(
  folder: string,
  host: string,
): Promise<{ key: string; cert: string }> {
  const { developmentCertificate } = await import('../../certs/development.ts');
  return developmentCertificate(folder, [visibleHost(host), 'localhost']);
}
