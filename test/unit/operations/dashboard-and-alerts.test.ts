import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { anchors, familyOf, metricsTable } from '../../support/metrics-table.ts';

const DOCKER = join(import.meta.dirname, '../../../docker');
const PROMETHEUS = join(DOCKER, 'prometheus');

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().regex(/^Parley\w+$/),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.object({ summary: z.string().min(10), runbook: z.string() }),
        }),
      ),
    }),
  ),
});
const Scenarios = z.object({
  tests: z.array(
    z.object({
      alert_rule_test: z.array(
        z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) }),
      ),
    }),
  ),
});
const Dashboard = z.object({
  templating: z.object({ list: z.array(z.object({ query: z.unknown() })) }),
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      type: z.string(),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
    }),
  ),
});

const yaml = (file: string): unknown => parse(readFileSync(join(PROMETHEUS, file), 'utf8'));
const alerts = Rules.parse(yaml('alerts.yml')).groups.flatMap(({ rules }) => rules);
const scenarios = Scenarios.parse(yaml('alerts.test.yml')).tests.flatMap(
  ({ alert_rule_test }) => alert_rule_test,
);
const dashboard = Dashboard.parse(
  JSON.parse(readFileSync(join(DOCKER, 'grafana/parley.json'), 'utf8')),
);

const table = new Map(metricsTable().map((row) => [row.name, row]));
/** What Prometheus itself adds. */
const ANYWHERE = ['instance', 'job', 'process', 'le'];

function rowOf(sample: string) {
  return table.get(sample) ?? table.get(familyOf(sample));
}

/** Metrics of an expression that do not exist, or lack a label that is selected by. */
function mistakes(expression: string): readonly string[] {
  const metrics = Array.from(expression.matchAll(/\b(parley_\w+)(?:\{([^}]*)\})?/g));
  return metrics.flatMap(([, sample = '', selector = '']) => {
    const row = rowOf(sample);
    if (row === undefined) return [`there is no ${sample}`];
    const known = [...row.labels, ...ANYWHERE];
    return Array.from(selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g), ([, label = '']) => label)
      .filter((label) => !known.includes(label))
      .map((label) => `${sample} has no ${label}`);
  });
}

function promtool(...args: readonly string[]): string | undefined {
  const { status, error, stderr, stdout } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (error) return undefined;
  return status === 0 ? '' : stdout + stderr;
}

const MISSING = 'promtool is not here: apt-get install prometheus';

it('a metric that is not there is found out', () => {
  expect(mistakes('rate(parley_server_nonsense_total[5m]) > 0')).toHaveLength(1);
  expect(mistakes('parley_server_rooms{room="x"}')).toHaveLength(1);
  expect(mistakes('rate(parley_media_voice_latency_seconds_bucket{le="1"}[5m])')).toEqual([]);
});

describe('the alerts', () => {
  it.each(alerts)(
    '$alert uses metrics that exist, and says what to do',
    ({ expr, annotations, alert }) => {
      expect(mistakes(expr)).toEqual([]);
      expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
      expect(anchors()).toContain(alert.toLowerCase());
    },
  );

  it.each(alerts)('$alert is tried where it must be told and where it must not', ({ alert }) => {
    const outcomes = scenarios
      .filter(({ alertname }) => alertname === alert)
      .map(({ exp_alerts }) => exp_alerts.length > 0);
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
  });

  it('are understood by Prometheus', ({ skip }) => {
    const answer = promtool('check', 'config', join(PROMETHEUS, 'prometheus.yml'));
    if (answer === undefined) skip(MISSING);
    expect(answer).toBe('');
  });

  it('are told when they should be, and not otherwise', ({ skip }) => {
    const answer = promtool('test', 'rules', join(PROMETHEUS, 'alerts.test.yml'));
    if (answer === undefined) skip(MISSING);
    expect(answer).toBe('');
  });
});

describe('the dashboard', () => {
  const charts = dashboard.panels.filter(({ type }) => type !== 'row');

  it('has a row for each side of the server', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row');
    expect(rows.map(({ title }) => title)).toEqual([
      ...['Calls', 'Media', 'Latency', 'Inference', 'Processes', 'Cluster'],
    ]);
  });

  it.each(charts)('"$title" shows metrics that exist', ({ targets }) => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr } of targets) {
      expect(expr).toMatch(/parley_\w+/);
      expect(mistakes(expr)).toEqual([]);
    }
  });

  it('has no two panels on one place', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
