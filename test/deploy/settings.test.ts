import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settings } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { ConfigSchema } from '../../config/schema.ts';
import { imageOf } from './image.ts';
import { composeFile, manifests, podsOf } from './manifests.ts';

const DOCKER = join(import.meta.dirname, '../../docker');
const read = (path: string) => readFileSync(join(DOCKER, path), 'utf8');

describe('settings of Parley', () => {
  const known = new Set(settings(ConfigSchema).map(({ variable }) => variable));

  test.each(['Dockerfile', 'compose.yaml', 'kubernetes', 'prepare.sh'])(
    'that %s names exist',
    (path) => {
      const files = globSync(path === 'kubernetes' ? 'kubernetes/**/*.{yaml,env}' : path, {
        cwd: DOCKER,
      });
      const named = files.flatMap((file) =>
        Array.from(
          read(file).matchAll(/(?<![\w{$])PARLEY_[A-Z_0-9]+(?=[=:,\s])/g),
          ([name]) => name,
        ),
      );
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !known.has(name) && !OF_COMPOSE.has(name))).toEqual([]);
    },
  );

  /** Of compose.yaml alone, in .env. */
  const OF_COMPOSE = new Set(['PARLEY_DOMAIN', 'PARLEY_ADDRESS', 'PARLEY_SILERO_URL']);

  test('are accepted as they stand in compose.yaml', () => {
    const { 'parley-cpu': service } = composeFile({
      PARLEY_DOMAIN: 'parley.example',
      PARLEY_ADDRESS: '203.0.113.10',
      PARLEY_SILERO_URL: 'http://silero:8000',
    }).services;
    const { server, inference } = loadConfig({
      ...imageOf('Dockerfile').env,
      ...service?.environment,
    });
    expect(server).toMatchObject({
      ...{ host: '0.0.0.0', tls: 'off', announcedAddress: ['203.0.113.10'] },
      trustedProxies: ['10.77.0.0/24'],
      turn: { urls: [expect.stringContaining('udp'), expect.stringContaining('tcp')] },
      cluster: { url: 'https://parley.example' },
    });
    expect(inference).toMatchObject({ models: '/models', silero: { url: 'http://silero:8000' } });
  });

  test('are accepted as they stand in the manifests', () => {
    const env = variablesIn(read('kubernetes/parley.env'));
    const own = environmentOf('nodes.yaml');
    const config = loadConfig({ ...imageOf('Dockerfile').env, ...env, ...own });
    expect(config.server.cluster.url).toBe('https://parley-0.parley.example');
    expect(config.inference.urls).toHaveLength(4);
    const { inference } = loadConfig({
      ...imageOf('Dockerfile').env,
      ...environmentOf('inference.yaml'),
    });
    expect(inference).toMatchObject({ host: '0.0.0.0', port: 8000, canary: { device: 'cuda' } });
  });
});

function variablesIn(file: string): Record<string, string> {
  const lines = file.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line): [string, string] => {
      const [name = '', ...value] = line.split('=');
      return [name, value.join('=')];
    }),
  );
}

/** Of the first pod, as a pod named parley-0 on some machine gets it. */
function environmentOf(file: string): Record<string, string> {
  const all = manifests().filter((manifest) => manifest.file.endsWith(file));
  const [pod] = all.flatMap(({ content }) => podsOf(content));
  const told: Record<string, string> = { PARLEY_ANNOUNCED_ADDRESS: '203.0.113.10' };
  const set = (pod?.env ?? []).filter(({ name }) => name.startsWith('PARLEY_'));
  return {
    ...told,
    ...Object.fromEntries(
      set.flatMap(({ name, value }) =>
        value === undefined ? [] : [[name, value.replace('$(POD_NAME)', 'parley-0')]],
      ),
    ),
  };
}
