import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A metric as docs/operations.md tells of it. */
export interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  /** Shown only where a feature is switched on. */
  readonly optional: boolean;
}

const PROCESSES = ['server', 'media', 'inference'];
/** Runs only where files are worked on. */
const SOMETIMES = 'files';

const page = (): string =>
  readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');

/** The tables of metrics, a row for each process where it is about every one. */
export function metricsTable(): readonly TableRow[] {
  const sections = page().split(/^### /m).slice(1);
  return sections.flatMap((section) => {
    const optional = section.startsWith('Only where');
    const rows = section.matchAll(/^\| `(parley_[^`]+)`\s*\| (\w+)\s*\| ([^|]*)\|/gm);
    return Array.from(rows).flatMap(([, name = '', type = '', labels = '']) => {
      const row = {
        type,
        labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label = '']) => label),
      };
      if (!name.includes('<process>')) return [{ ...row, name, optional }];
      return [...PROCESSES, SOMETIMES].map((process) => ({
        ...{ ...row, name: name.replace('<process>', process) },
        optional: optional || process === SOMETIMES,
      }));
    });
  });
}

/** Headings of the page as they are linked to. */
export function anchors(): readonly string[] {
  return Array.from(page().matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}

/** A metric of an exposition, with the labels that its samples have. */
export interface ShownMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** The metrics of a text in Prometheus' format; those of a histogram's samples are its own. */
export function shownMetrics(text: string): readonly ShownMetric[] {
  const shown = new Map<string, ShownMetric & { labels: string[] }>();
  for (const [, name = '', help = ''] of text.matchAll(/^# HELP (\w+) (.*)$/gm)) {
    const type = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text)?.[1] ?? '';
    shown.set(name, { name, type, help, labels: [] });
  }
  for (const [, sample = '', labels = ''] of text.matchAll(/^(parley_\w+)(?:\{(.*)\})? \S+$/gm)) {
    const metric = shown.get(sample) ?? shown.get(familyOf(sample));
    if (metric === undefined) throw new Error(`${sample} has no header`);
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) {
      if (!metric.labels.includes(label)) metric.labels.push(label);
    }
  }
  return [...shown.values()];
}

/** What a sample of a histogram belongs to. */
export function familyOf(sample: string): string {
  return sample.replace(/_(bucket|sum|count)$/, '');
}
