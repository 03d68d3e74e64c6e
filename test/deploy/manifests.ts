import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const DOCKER = join(import.meta.dirname, '../../docker');

const Content = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  spec: z.record(z.string(), z.unknown()).optional(),
});

const Compose = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string().optional(),
      environment: z.record(z.string(), z.string()).optional(),
      ports: z.array(z.string()).optional(),
      stop_grace_period: z.string().optional(),
      deploy: z
        .looseObject({
          resources: z.looseObject({ limits: z.looseObject({ memory: z.string() }) }),
        })
        .optional(),
    }),
  ),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

export interface Manifest {
  /** Below docker/. */
  readonly file: string;
  readonly content: z.infer<typeof Content>;
}

/** Every document below docker/kubernetes; kustomize's own files only when `all` are asked for. */
export function manifests({ all = false } = {}): readonly Manifest[] {
  return globSync('kubernetes/**/*.yaml', { cwd: DOCKER })
    .sort()
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(DOCKER, file), 'utf8')).map((document) => ({
        file,
        content: Content.parse(document.toJS()),
      })),
    )
    .filter(({ content }) => all || content.kind !== 'Kustomization');
}

/** compose.yaml, with its anchors merged and `${…}` replaced as Compose does it. */
export function composeFile(variables: Readonly<Record<string, string>> = {}) {
  const text = readFileSync(join(DOCKER, 'compose.yaml'), 'utf8').replaceAll(
    /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g,
    (_, name: string, fallback = 'unset') => variables[name] ?? String(fallback),
  );
  return Compose.parse(parse(text, { merge: true }));
}

const Variable = z.object({ name: z.string(), value: z.string().optional() });
const Container = z.object({
  image: z.string(),
  env: z.array(Variable).default([]),
  securityContext: z
    .object({
      allowPrivilegeEscalation: z.literal(false),
      readOnlyRootFilesystem: z.literal(true),
      capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
    })
    .optional()
    .catch(undefined),
});
const Pod = z.object({
  template: z.object({
    spec: z.object({
      terminationGracePeriodSeconds: z.number().default(30),
      containers: z.array(Container),
      initContainers: z.array(Container).default([]),
    }),
  }),
});

/** What it says of its pods, if it has any. */
export function podsOf(content: Manifest['content'] | undefined) {
  const pod = Pod.safeParse(content?.spec);
  if (!pod.success) return [];
  const { containers, initContainers, terminationGracePeriodSeconds } = pod.data.template.spec;
  const all = [...initContainers, ...containers];
  return [
    {
      grace: terminationGracePeriodSeconds,
      images: all.map(({ image }) => image),
      limited: all.map(({ securityContext }) => securityContext !== undefined),
      env: containers.flatMap(({ env }) => env),
    },
  ];
}
