import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DebianRoot, type Contained } from '../support/debian-root.ts';
import { alive } from '../support/processes.ts';
import { makePackage, missingPython } from '../support/silero.ts';
import { copyImageContext } from './image-context.ts';
import { imageOf } from './image.ts';

const title = 'Parley in a fresh Debian, installed as its image is';
const missing = DebianRoot.missing();
// The reporter folds skipped tests away, and their reasons with them.
if (missing !== undefined) process.stderr.write(`Skipped ${title}: ${missing}\n`);

const noTorch = await missingPython('torch', 'torch.package');
if (noTorch !== undefined) process.stderr.write(`Skipped Silero’s image: ${noTorch}\n`);

/** Workers that were compiled here before: compiling one takes minutes and is setup's own test. */
const WORKERS = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'parley/mediasoup-worker',
);
const ROOT = join(import.meta.dirname, '../..');
const INSTALL = '/opt/parley/docker/install.sh';
const PATIENCE_MS = 180_000;

const image = imageOf('Dockerfile');
/** As a container starts: in the image's folder. */
const started = (command = image.command) => [
  ...['sh', '-c', 'cd /opt/parley && exec "$@"', 'sh'],
  ...[...image.entrypoint, ...command],
];

describe.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title}: ${missing}`,
  () => {
    let build: DebianRoot;
    let runtime: DebianRoot;
    const parley = (path: string) => build.changed(join('opt/parley', path));

    beforeAll(async () => {
      [build, runtime] = await Promise.all([DebianRoot.create(), DebianRoot.create()]);
      await copyImageContext(parley(''));
      if (existsSync(WORKERS)) {
        const cache = parley('cache/parley/mediasoup-worker');
        await mkdir(cache, { recursive: true });
        await cp(WORKERS, cache, { recursive: true });
      }
    });
    afterAll(async () => {
      await build[Symbol.asyncDispose]();
      await runtime[Symbol.asyncDispose]();
    });

    test('what it is built from has no secret, no test and nothing that was built before', () => {
      for (const path of ['state', 'test', 'node_modules', 'client/dist', '.git']) {
        expect(existsSync(parley(path)), path).toBe(false);
      }
      expect(existsSync(parley('server/main.ts'))).toBe(true);
    });

    test('the build stage leaves what runs, and nothing that only builds', async () => {
      const { code, output } = await build.install([INSTALL, 'build']);
      const logs = code === 0 ? '' : await logsIn(parley('cache/parley/logs'));
      expect(code, output + logs).toBe(0);
      expect(existsSync(parley('client/dist/index.html'))).toBe(true);
      expect(existsSync(parley('node_modules/mediasoup'))).toBe(true);
      for (const tool of ['vite', 'typescript', 'vitest', 'playwright-core']) {
        expect(existsSync(parley(`node_modules/${tool}`)), tool).toBe(false);
      }
      expect(await readdir(parley('node_modules/onnxruntime-node/bin/napi-v6'))).toEqual(['linux']);
    });

    test('the runtime stage installs what running takes', async () => {
      const copied = runtime.changed('opt/parley/docker');
      await mkdir(copied, { recursive: true });
      await cp(parley('docker'), copied, { recursive: true });
      const { code, output } = await runtime.install([INSTALL, 'runtime']);
      expect(code, output).toBe(0);
      expect(existsSync(runtime.changed('usr/bin/apertium'))).toBe(true);
      expect(existsSync(runtime.changed('usr/bin/tini'))).toBe(true);
    });

    test('it serves meetings as an ordinary user on a read-only disk, and stops on SIGTERM', async () => {
      const env = { ...image.env, PARLEY_SECRET_FILE: '/opt/secret' };
      await writeFile(build.changed('opt/secret'), randomBytes(48).toString('base64'));
      await using server = runtime.run(started(), { from: build, env });
      await healthy(server, image.healthCheck);
      await healthy(server, [...image.healthCheck, '/readyz']);
      const made = await server.beside([
        ...['node', '-e'],
        `fetch('http://127.0.0.1:8080/api/rooms', { method: 'POST' }).then(({ status }) => console.log(status))`,
      ]);
      expect(made.output).toBe('201\n');
      const page = await server.beside([
        ...['node', '-e'],
        `fetch('http://127.0.0.1:8080/').then((answer) => answer.text()).then(console.log)`,
      ]);
      expect(page.output).toContain('<title>Parley');
      for (const folder of ['/', '/opt/parley', '/opt/parley/state', '/var/lib', '/models']) {
        expect((await server.beside(['touch', join(folder, 'file')])).code, folder).not.toBe(0);
      }
      const processes = server.processes;
      expect(processes.length).toBeGreaterThan(3);
      expect(await server.stop()).toBe(0);
      expect(processes.filter(alive)).toEqual([]);
    });

    test('it says what is missing where it was given no secret', async () => {
      await using server = runtime.run(started(), { from: build, env: image.env });
      expect(await server.ended).toBe(1);
      expect(server.output).toContain('name a file in PARLEY_SECRET_FILE');
    });

    test('it serves models alone', async () => {
      const env = {
        ...image.env,
        PARLEY_INFERENCE_HOST: '0.0.0.0',
        PARLEY_INFERENCE_PORT: '8000',
      };
      const command = started(['node', 'docker/serve-models.mjs']);
      await using server = runtime.run(command, { from: build, env });
      await healthy(server, [...image.healthCheck, '/v2/health/ready', '8000']);
      expect(await server.stop()).toBe(0);
    });

    test.skipIf(noTorch !== undefined)(
      'Silero’s voices speak as their image has them',
      async () => {
        const silero = imageOf('silero/Dockerfile');
        await using python = await DebianRoot.create();
        const docker = python.changed('opt/parley/docker');
        await cp(join(ROOT, 'docker'), docker, { recursive: true });
        await cp(join(ROOT, 'inference/silero/sidecar'), python.changed('opt/silero'), {
          recursive: true,
        });
        await pulledVoice(python.changed('opt/models/silero-ru'));
        const { code, output } = await python.install([INSTALL, 'silero']);
        expect(code, output).toBe(0);
        const args = silero.command.map((word) => (word === '/models' ? '/opt/models' : word));
        const { env, entrypoint } = silero;
        await using sidecar = python.run([...entrypoint, ...args], { from: python, env });
        await healthy(sidecar, silero.healthCheck);
        expect(await sidecar.stop()).toBe(0);
      },
    );

    test('nothing of it stays mounted', async () => {
      expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain('parley/deploy');
    });
  },
);

/** A package of a voice, as `npm run models` leaves it. */
async function pulledVoice(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const sha256 = await makePackage({ file: join(folder, 'toy_ru.pt'), voices: { baya: 220 } });
  const manifest = { format: 1, model: 'silero-ru', files: { 'toy_ru.pt': { bytes: 1, sha256 } } };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** What setup's programs said; it deletes nothing when it fails. */
async function logsIn(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const texts = names.map((name) => readFile(join(folder, name), 'utf8'));
  return (await Promise.all(texts)).map((text) => text.slice(0, 4_000)).join('\n');
}

/** Waits until a health check is content. */
async function healthy(server: Contained, check: readonly string[]): Promise<void> {
  const give = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const { code, output } = await server.beside(check);
    if (code === 0) return;
    if (give.aborted) throw new Error(`It does not answer:\n${output}\n${server.output}`);
    await setTimeout(200);
  }
}
