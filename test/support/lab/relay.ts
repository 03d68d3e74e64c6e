import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentCertificate } from '../../../certs/development.ts';
import { turnserverConf } from '../../../server/turn/turnserver-conf.ts';
import { address } from './hosts.ts';
import type { Lab } from './lab.ts';
import { until } from './until.ts';

const PORT = 3_478;
const TLS_PORT = 443;
const START_MS = 10_000;

/** Debian's coturn on the laboratory's relay host, with the configuration that Parley renders. */
export class LabRelay implements AsyncDisposable {
  /** What tells the server of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #stop: () => Promise<void>;

  private constructor(secretFile: string, stop: () => Promise<void>) {
    const host = address('relay');
    const urls = [
      `turn:${host}:${PORT}?transport=udp`,
      `turn:${host}:${PORT}?transport=tcp`,
      `turns:${host}:${TLS_PORT}?transport=tcp`,
    ];
    this.env = { PARLEY_TURN_URLS: urls.join(','), PARLEY_TURN_SECRET_FILE: secretFile };
    this.#stop = stop;
  }

  /** Resolves once it listens. Rejects with what it printed when it does not within some seconds. */
  static async start(lab: Lab): Promise<LabRelay> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-relay-'));
    const host = address('relay');
    const secret = randomBytes(32).toString('hex');
    await developmentCertificate(folder, [host]);
    const configuration = turnserverConf({
      listenAddresses: [host],
      port: PORT,
      secret,
      peerAddresses: [address('server')],
      minPort: 49_160,
      maxPort: 49_400,
      tls: {
        port: TLS_PORT,
        certFile: join(folder, 'development-cert.pem'),
        keyFile: join(folder, 'development-key.pem'),
      },
    });
    await writeFile(join(folder, 'turnserver.conf'), configuration, { mode: 0o600 });
    await writeFile(join(folder, 'secret'), secret, { mode: 0o600 });
    const child = lab.spawn('relay', ['turnserver', '-c', join(folder, 'turnserver.conf')]);
    const exited = once(child, 'exit');
    const stop = async (): Promise<void> => {
      child.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    };
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const listening = await until(() => child.exitCode !== null || listens(lab), START_MS);
    if (!listening || child.exitCode !== null) {
      await stop();
      throw new Error(`coturn does not listen:\n${output}`);
    }
    return new LabRelay(join(folder, 'secret'), stop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}

const CONNECT = `
  const [host, port] = process.argv.slice(1);
  require('node:net').connect(port, host, () => process.exit(0)).on('error', () => process.exit(1));
`;

/** The port for TLS is the last that coturn opens. */
async function listens(lab: Lab): Promise<boolean> {
  const args = ['-e', CONNECT, '--', address('relay'), String(TLS_PORT)];
  return lab.run('relay', process.execPath, args).then(
    () => true,
    () => false,
  );
}
