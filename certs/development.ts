import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_DAYS = 365;

/** A private key and its certificate, both PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A self-signed certificate for the given host names and addresses. The one in the directory is
 * used again as long as it is valid for another day and for all of the hosts; browsers that were
 * told to accept it need not be told again.
 */
export async function developmentCertificate(
  directory: string,
  hostsInUrls: string[],
): Promise<KeyAndCertificate> {
  const hosts = hostsInUrls.map(withoutBrackets);
  const files = {
    key: join(directory, 'development-key.pem'),
    cert: join(directory, 'development-cert.pem'),
  };
  const existing = await readPair(files);
  if (existing && isUsable(existing, hosts)) return existing;
  const made = await make(hosts);
  await mkdir(directory, { recursive: true });
  await writePrivately(files.key, made.key);
  await writePrivately(files.cert, made.cert);
  return made;
}

/** URLs have IPv6 addresses in brackets, certificates have not. */
function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

async function readPair(files: KeyAndCertificate): Promise<KeyAndCertificate | undefined> {
  try {
    return { key: await readFile(files.key, 'utf8'), cert: await readFile(files.cert, 'utf8') };
  } catch {
    return undefined;
  }
}

/** Also false when the files are not a key and its certificate, whatever happened to them. */
function isUsable({ key, cert }: KeyAndCertificate, hosts: string[]): boolean {
  try {
    const certificate = new X509Certificate(cert);
    return (
      certificate.checkPrivateKey(createPrivateKey(key)) &&
      certificate.validFromDate.getTime() <= Date.now() &&
      certificate.validToDate.getTime() > Date.now() + DAY_MS &&
      hosts.every((host) => isFor(certificate, host))
    );
  } catch {
    return false;
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  const match = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  return match !== undefined;
}

async function make(hosts: string[]): Promise<KeyAndCertificate> {
  const now = Date.now();
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Parley' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // From yesterday, for devices whose clock is behind.
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...new Set(hosts)].map(alternativeName) },
    ],
  });
  return { key, cert };
}

function alternativeName(host: string) {
  return isIP(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host };
}

/** Readable by the owner alone from the first byte on, and never half written. */
async function writePrivately(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new.pem`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}
