import { describe, expect, test } from 'vitest';
import { defaults } from '../../../config/defaults.ts';
import { settings } from '../../../config/environment.ts';
import { ConfigError, loadConfig } from '../../../config/load.ts';
import { ConfigSchema } from '../../../config/schema.ts';

function problems(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('configuration', () => {
  test('without variables it is the default one, and the rest of the environment is not ours', () => {
    expect(loadConfig({ PATH: '/bin', HOME: '/root' })).toEqual(defaults);
  });

  test('the address of a fresh start is http://localhost:8080', () => {
    expect(defaults.server).toMatchObject({ host: 'localhost', port: 8080 });
  });

  test('variables override, each as the type the setting has', () => {
    const config = loadConfig({
      PARLEY_PORT: '9000',
      PARLEY_HOST: '0.0.0.0',
      PARLEY_ROOMS_MAX_PEERS: '2',
      PARLEY_ALLOWED_ORIGINS: 'http://localhost:5173, https://a.example',
      PARLEY_MEDIA_VAD_MIN_SILENCE_MS: '350',
      PARLEY_INFERENCE_URLS: 'http://a.example:8000, https://b.example/models',
    });
    expect(config.server).toMatchObject({
      port: 9000,
      host: '0.0.0.0',
      allowedOrigins: ['http://localhost:5173', 'https://a.example'],
    });
    expect(config.server.rooms.maxPeers).toBe(2);
    expect(config.media.vadMinSilenceMs).toBe(350);
    expect(config.inference.urls).toEqual(['http://a.example:8000', 'https://b.example/models']);
  });

  test('every unknown variable and every bad value is named at once', () => {
    const found = problems({
      PARLEY_PORT: 'nine',
      PARLEY_ROOMS_MAX_PEERS: '0',
      PARLEY_LOG_LEVEL: 'loud',
      PARLEY_COLOUR: 'blue',
      PARLEY_MEDIA_VAD_RELEASE: '0.9',
    });
    expect(found).toHaveLength(5);
    for (const variable of [
      'PARLEY_PORT',
      'PARLEY_ROOMS_MAX_PEERS',
      'PARLEY_LOG_LEVEL',
      'PARLEY_COLOUR',
      'PARLEY_MEDIA_VAD_RELEASE',
    ]) {
      expect(found.filter((problem) => problem.includes(variable))).toHaveLength(1);
    }
  });

  test('a variable that is nearly right is told what it may have meant', () => {
    expect(problems({ PARLEY_MAX_PEERS: '3' })).toEqual([
      'PARLEY_MAX_PEERS is not a setting; did you mean PARLEY_ROOMS_MAX_PEERS?',
    ]);
  });

  test('an empty value is no number', () => {
    expect(problems({ PARLEY_PORT: '' })).toHaveLength(1);
  });

  test('nothing can be changed afterwards', () => {
    const config = loadConfig({});
    expect(Object.isFrozen(config.server.rooms)).toBe(true);
    expect(Object.isFrozen(config.server.allowedOrigins)).toBe(true);
    expect(Object.isFrozen(defaults.server)).toBe(false);
  });

  test('each setting has a variable of its own', () => {
    const variables = settings(ConfigSchema).map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toContain('PARLEY_PORT');
    expect(variables).toContain('PARLEY_RTC_PORT');
    expect(variables).toContain('PARLEY_MEDIA_PROCESSES');
    expect(variables).toContain('PARLEY_MEDIA_MAX_STREAMS');
  });
});
