import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { composeFile, manifests } from './manifests.ts';
import { validators, type Validators, type Verdict } from './validators.ts';

const DOCKER = join(import.meta.dirname, '../../docker');

const found = await validators();
const missing = typeof found === 'string' ? found : undefined;
// The reporter folds skipped tests away, and their reasons with them.
if (missing !== undefined) process.stderr.write(`Skipped the validators of docker/: ${missing}\n`);

describe.skipIf(missing !== undefined)(
  `what others have published judges docker/${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    const all = manifests();
    const compose = composeFile();
    const mistaken = ['StatefulSet', 'ScaledObject', 'ServiceMonitor'].map((kind) => {
      const { content } = all.find((manifest) => manifest.content.kind === kind) ?? {};
      return { ...content, spec: { ...content?.spec, replicsa: 3 } };
    });
    const { proxy, ...others } = compose.services;
    const misled = { ...compose, services: { ...others, proxy: { ...proxy, networks: ['egde'] } } };

    let tools: Validators;
    let verdict: Verdict;
    beforeAll(async () => {
      if (typeof found === 'string') return;
      tools = found;
      // One process reads all schemas once.
      const judged = [...all.map(({ content }) => content), ...mistaken];
      verdict = await tools.judge({ manifests: judged, composes: [compose, misled] });
    });

    test('every manifest is valid', () => {
      expect(all.length).toBeGreaterThan(20);
      const wrong = all.flatMap(({ file }, index) => {
        const problem = verdict.manifests[index];
        return problem === null ? [] : [`${file}: ${problem}`];
      });
      expect(wrong).toEqual([]);
    });

    test('a mistake would be found, in kinds of others too', () => {
      const found = verdict.manifests.slice(all.length);
      expect(found).toEqual(mistaken.map((): unknown => expect.stringContaining('replicsa')));
    });

    test('the compose file is valid, and a mistake in it would be found', () => {
      expect(verdict.composes).toEqual([null, expect.stringContaining('egde')]);
    });

    test.each(['Dockerfile', 'silero/Dockerfile'])('%s passes hadolint', async (file) => {
      expect(await tools.lint('hadolint', join(DOCKER, file))).toBe('');
    });

    test.each(['install.sh', 'prepare.sh'])('%s passes shellcheck', async (file) => {
      expect(await tools.lint('shellcheck', join(DOCKER, file))).toBe('');
    });
  },
);
