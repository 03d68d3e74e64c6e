import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../config/load.ts';
import { metricsInDocumentation } from './documented-metrics.ts';
import { composeFile, manifests, podsOf } from './manifests.ts';

const DOCKER = join(import.meta.dirname, '../../docker');
const read = (path: string) => readFileSync(join(DOCKER, path), 'utf8');

describe('what is deployed', () => {
  const dockerfile = () => read('Dockerfile');

  test('bases are pinned, and nothing is “latest”', () => {
    const images = [
      ...Array.from(dockerfile().matchAll(/^ARG \w+=(\S+)$/gm), ([, image]) => image ?? ''),
      ...Object.values(composeFile().services).flatMap(({ image }) => image ?? []),
      ...manifests().flatMap(({ content }) => podsOf(content).flatMap(({ images: of }) => of)),
    ];
    const ours = /^parley(:(cpu|cuda)|-cuda|-silero)?$/;
    const pinned = /:v?\d+\.\d+\.\d+|:bookworm-\d{8}-slim@sha256:[0-9a-f]{64}$/;
    expect(images.length).toBeGreaterThan(10);
    expect(images.filter((image) => !ours.test(image) && !pinned.test(image))).toEqual([]);
  });

  test('a node is not killed before its meetings may have ended', () => {
    const patience = loadConfig({}).server.drainTimeoutMs / 1000;
    const [node] = manifests().filter(({ file }) => file.endsWith('nodes.yaml'));
    expect(podsOf(node?.content)[0]?.grace).toBeGreaterThan(patience + 60);
    for (const name of ['parley-cpu', 'parley-gpu']) {
      const grace = composeFile().services[name]?.stop_grace_period;
      expect(Number.parseInt(grace ?? '0'), name).toBeGreaterThan(patience + 60);
    }
  });

  test('the ports of media that are open are those of the workers', () => {
    const { environment, ports = [] } = composeFile().services['parley-cpu'] ?? {};
    const first = Number(environment?.['PARLEY_RTC_PORT']);
    const last = first + Number(environment?.['PARLEY_RTC_WORKERS']) - 1;
    const range = `${first}-${last}:${first}-${last}`;
    expect(ports).toEqual([`${range}/udp`, `${range}/tcp`]);
  });

  test('media nodes name every replica of the models that there may be', () => {
    const urls = /^PARLEY_INFERENCE_URLS=(.*)$/m.exec(read('kubernetes/parley.env'))?.[1] ?? '';
    const scaling = manifests().filter(({ content }) =>
      ['ScaledObject', 'HorizontalPodAutoscaler'].includes(content.kind),
    );
    const most = scaling.map(
      ({ content: { spec } }) => spec?.['maxReplicaCount'] ?? spec?.['maxReplicas'],
    );
    expect(most).toEqual([urls.split(',').length, urls.split(',').length]);
  });

  test('autoscaling asks for metrics that there are', () => {
    const { names, histograms } = metricsInDocumentation();
    const queries = globSync('kubernetes/operators/*.yaml', { cwd: DOCKER }).map(read).join('\n');
    const asked = new Set(queries.match(/parley_[a-z_]+/g));
    expect(asked.size).toBeGreaterThan(1);
    for (const name of asked) {
      const base = name.replace(/_bucket$/, '');
      expect(names.has(name) || histograms.has(base), name).toBe(true);
    }
  });

  test('everything runs as an ordinary user with a read-only root, without rights', () => {
    for (const { file, content } of manifests()) {
      for (const pod of podsOf(content)) {
        expect(pod.limited, `${file} ${content.kind}`).toEqual(pod.images.map(() => true));
      }
    }
    const { models, ...services } = composeFile().services;
    expect(models).toBeDefined();
    for (const [name, service] of Object.entries(services)) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service.deploy?.resources.limits.memory, name).toBeDefined();
    }
  });

  test('kustomization.yaml names every manifest, and none that is not there', () => {
    for (const folder of ['kubernetes', 'kubernetes/operators']) {
      const there = globSync('*.yaml', { cwd: join(DOCKER, folder) });
      const byHand = [
        'kustomization.yaml',
        'fluent-bit.yaml',
        'inference-scaling-without-keda.yaml',
      ];
      const named = kustomization(folder).resources;
      expect(named.toSorted()).toEqual(there.filter((file) => !byHand.includes(file)).sort());
    }
  });

  test('secrets that are asked for are those that prepare.sh makes', () => {
    const script = read('prepare.sh');
    const made = [
      ...Array.from(script.matchAll(/^secret (\S+)$/gm), ([, name]) => name),
      ...Array.from(script.matchAll(/>"\$secrets\/([\w.-]+)"/g), ([, name]) => name),
    ];
    const asked = [
      ...Object.values(composeFile().secrets).map(({ file }) => file.replace('./secrets/', '')),
      ...kustomization('kubernetes').secretGenerator.flatMap(({ files }) =>
        files.map((file) => file.replace('secrets/', '')),
      ),
    ];
    expect(asked.filter((name) => !made.includes(name))).toEqual([]);
  });
});

function kustomization(folder: string) {
  const { content } =
    manifests({ all: true }).find(({ file }) => file === `${folder}/kustomization.yaml`) ?? {};
  return z
    .object({
      resources: z.array(z.string()),
      secretGenerator: z.array(z.object({ files: z.array(z.string()) })).default([]),
    })
    .parse(content);
}
