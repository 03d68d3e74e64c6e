import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { developmentCertificate } from '../../../certs/development.ts';

const HOSTS = ['192.0.2.10', 'localhost'];
const TWO_YEARS_MS = 2 * 365 * 24 * 60 * 60 * 1000;

describe('development certificate', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-certs-'));
  });

  afterEach(async () => {
    vi.useRealTimers();
    await rm(directory, { recursive: true });
  });

  test('covers names and addresses, in either way of writing IPv6', async () => {
    const { cert } = await developmentCertificate(directory, [...HOSTS, '[2001:db8::1]']);
    const certificate = new X509Certificate(cert);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('192.0.2.10')).toBe('192.0.2.10');
    expect(certificate.checkIP('2001:db8::1')).toBeDefined();
    expect(certificate.checkHost('example.org')).toBeUndefined();
  });

  test('serves HTTPS to a client that trusts it', async () => {
    const { key, cert } = await developmentCertificate(directory, HOSTS);
    const server = createServer({ key, cert }, (_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const status = await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', servername: 'localhost', port, ca: cert }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
    server.close();
    server.closeAllConnections();
    expect(status).toBe(200);
  });

  test('only the owner can read the files', async () => {
    await developmentCertificate(directory, HOSTS);
    for (const name of ['development-key.pem', 'development-cert.pem']) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
  });

  test('is used again while it is valid for the hosts', async () => {
    const first = await developmentCertificate(directory, HOSTS);
    expect(await developmentCertificate(directory, HOSTS)).toEqual(first);
    expect(await developmentCertificate(directory, ['localhost'])).toEqual(first);
  });

  test('is made anew for another host', async () => {
    const first = await developmentCertificate(directory, HOSTS);
    const second = await developmentCertificate(directory, ['192.0.2.11', 'localhost']);
    expect(second.cert).not.toBe(first.cert);
    expect(new X509Certificate(second.cert).checkIP('192.0.2.11')).toBeDefined();
  });

  test('is made anew when it has expired', async () => {
    const first = await developmentCertificate(directory, HOSTS);
    vi.useFakeTimers({ now: Date.now() + TWO_YEARS_MS, toFake: ['Date'] });
    expect((await developmentCertificate(directory, HOSTS)).cert).not.toBe(first.cert);
  });

  test('is made anew when the key is another one or a file is damaged', async () => {
    const first = await developmentCertificate(directory, HOSTS);
    const keyFile = join(directory, 'development-key.pem');
    await writeFile(keyFile, 'not a key');
    const second = await developmentCertificate(directory, HOSTS);
    expect(second.cert).not.toBe(first.cert);
    expect(await readFile(keyFile, 'utf8')).toBe(second.key);
    await writeFile(keyFile, first.key);
    expect((await developmentCertificate(directory, HOSTS)).cert).not.toBe(second.cert);
  });
});
