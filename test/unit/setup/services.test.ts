import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

interface Services {
  withoutServices: (command: string[], missing: string[], systemd: boolean) => string[];
}

const { withoutServices } = await vi.importActual<Services>('../../../setup/services.mjs');
const INSTALL = ['apt-get', 'install', 'coturn', 'chromium'];
const MISSING = ['coturn', 'chromium'];

/** Programs that only write down what they were asked for. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'services-test-'));
  await program('systemctl', 0);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('services of packages', () => {
  test('do not run while they are installed, nor when the machine starts again', async () => {
    await program('apt-get', 0);
    expect(run(withoutServices(INSTALL, MISSING, true))).toBe(0);
    expect(asked()).toEqual([
      'systemctl mask --quiet --runtime coturn.service',
      'apt-get install coturn chromium',
      'systemctl unmask --quiet --runtime coturn.service',
      'systemctl disable --quiet coturn.service',
    ]);
  });

  test('an installation that fails is told as failed, and leaves nothing masked', async () => {
    await program('apt-get', 100);
    expect(run(withoutServices(INSTALL, MISSING, true))).toBe(100);
    expect(asked()).toContain('systemctl unmask --quiet --runtime coturn.service');
  });

  test('that were there before are left as they are', () => {
    expect(withoutServices(INSTALL, ['chromium'], true)).toBe(INSTALL);
  });

  test('start nowhere without systemd, so there is nothing to do', () => {
    expect(withoutServices(INSTALL, MISSING, false)).toBe(INSTALL);
  });
});

async function program(name: string, code: number): Promise<void> {
  const path = join(folder, name);
  await writeFile(
    path,
    `#!/bin/sh\necho ${name} "$@" >> '${join(folder, 'asked')}'\nexit ${code}\n`,
  );
  await chmod(path, 0o755);
}

function run([command = '', ...args]: string[]): number | null {
  const path = `${folder}:${process.env['PATH'] ?? ''}`;
  return spawnSync(command, args, { env: { PATH: path } }).status;
}

function asked(): readonly string[] {
  const file = join(folder, 'asked');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}
