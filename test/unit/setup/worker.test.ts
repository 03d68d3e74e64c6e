import { describe, expect, test, vi } from 'vitest';

interface Wanted {
  version: string;
  platform: string;
  arch: string;
  ours: string;
}

interface WorkerCache {
  cacheKey: (wanted: Wanted, compiler?: string) => string;
}

interface PrebuiltWorker {
  workerUrl: (wanted: Wanted, kernel: string, env: Record<string, string>) => string | undefined;
}

const { cacheKey } = await vi.importActual<WorkerCache>('../../../setup/worker-cache.mjs');
const { workerUrl } = await vi.importActual<PrebuiltWorker>('../../../setup/prebuilt-worker.mjs');

describe('worker', () => {
  const wanted = { version: '3.27.1', platform: 'linux', arch: 'x64', ours: 'abc' };

  test('is cached by all that goes into it', () => {
    expect(cacheKey(wanted, '12.2.0')).toBe('3.27.1-linux-x64-gcc12.2.0-abc');
    expect(cacheKey({ ...wanted, ours: 'def' }, '12.2.0')).not.toBe(cacheKey(wanted, '12.2.0'));
    expect(cacheKey(wanted, '14.1.0')).not.toBe(cacheKey(wanted, '12.2.0'));
  });

  test('that mediasoup has compiled does not depend on us', () => {
    expect(cacheKey(wanted)).toBe('3.27.1-linux-x64-prebuilt');
  });

  test('is asked for where mediasoup publishes it', () => {
    const releases = 'https://github.com/versatica/mediasoup/releases/download/3.27.1';
    expect(workerUrl(wanted, '6.1.0-32-amd64', {})).toBe(
      `${releases}/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz`,
    );
    expect(workerUrl({ ...wanted, platform: 'darwin', arch: 'arm64' }, '24.0.0', {})).toBe(
      `${releases}/mediasoup-worker-3.27.1-darwin-arm64.tgz`,
    );
  });

  test("heeds mediasoup's environment variables", () => {
    const mirror = { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: 'https://mirror.example' };
    expect(workerUrl(wanted, '6.1.0', mirror)).toMatch(/^https:\/\/mirror\.example\/3\.27\.1\//);
    const none = { MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD: '1' };
    expect(workerUrl(wanted, '6.1.0', none)).toBeUndefined();
  });
});
