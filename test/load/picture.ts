import type { Moment, Report, Second } from './report.ts';

const WIDTH = 960;
const LEFT = 70;
const RIGHT = 20;
const PANEL = 170;
const GAP = 56;
const TOP = 70;

const STYLE = `
  .page { fill: #fff; }
  text { font: 13px system-ui, sans-serif; fill: #444; }
  .title { font-size: 17px; font-weight: 600; fill: #111; }
  .head { font-weight: 600; fill: #111; }
  .grid { stroke: #ddd; stroke-width: 1; }
  .late { fill: #c2410c; }
  .dot { fill: #1d4ed8; fill-opacity: 0.55; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #111; } text { fill: #bbb; } .title, .head { fill: #eee; } .grid { stroke: #444; }
    .late { fill: #fb923c; } .dot { fill: #93c5fd; }
  }`;

interface Panel {
  readonly head: string;
  /** Of the highest line. */
  readonly most: number;
  readonly unit: string;
  /** Marks within the panel, given where a moment and a value lie. */
  readonly draw: (x: (atMs: number) => number, y: (value: number) => number) => string;
}

/** A load in one picture (SVG): late frames, joins and voices over time. */
export function pictureOf(report: Report): string {
  const { load, series, seconds, way } = report;
  const spanMs = Math.max(1_000, 1000 * seconds);
  const panels = [
    latePanel(series.seconds),
    dots('Joins, ms', series.joins),
    dots('From the end of a phrase to its translation, ms', series.voices),
  ];
  const height = TOP + panels.length * (PANEL + GAP);
  const title =
    `${load.rooms} meetings of ${load.peers}, ${load.speakers} speaking, ` +
    `languages: ${load.languages} (${way}), ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  const drawn = panels.map((panel, row) => drawPanel(panel, TOP + row * (PANEL + GAP), spanMs));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${title}</title><style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="30">${title}</text>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function latePanel(seconds: readonly Second[]): Panel {
  const shares = seconds.map(({ frames, lateFrames }) =>
    frames > 0 ? (100 * Math.max(0, lateFrames)) / frames : 0,
  );
  return {
    head: 'Frames made up because they came late or never, %',
    most: ceiling(largest(shares, 1)),
    unit: '%',
    draw: (x, y) =>
      seconds
        .map(({ atMs }, index) => {
          const share = shares[index] ?? 0;
          const [left, right] = [x(Math.max(0, atMs - 1_000)), x(atMs)];
          const width = Math.max(1, right - left - 0.5);
          return rectangle(left, y(share), width, y(0) - y(share));
        })
        .join(''),
  };
}

function dots(head: string, moments: readonly Moment[]): Panel {
  return {
    head: moments.length === 0 ? `${head}: none` : head,
    most: ceiling(
      largest(
        moments.map(({ ms }) => ms),
        100,
      ),
    ),
    unit: 'ms',
    draw: (x, y) =>
      moments
        .map(({ atMs, ms }) => `<circle class="dot" cx="${n(x(atMs))}" cy="${n(y(ms))}" r="3"/>`)
        .join(''),
  };
}

function drawPanel({ head, most, unit, draw }: Panel, top: number, spanMs: number): string {
  const x = (atMs: number): number => LEFT + (atMs / spanMs) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => top + PANEL - (Math.min(value, most) / most) * PANEL;
  const lines = [0, most / 2, most].map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${n(y(value))}" y2="${n(y(value))}"/>` +
      `<text x="${LEFT - 8}" y="${n(y(value) + 4)}" text-anchor="end">${label(value, unit)}</text>`,
  );
  const times = [0, 0.25, 0.5, 0.75, 1].map(
    (part) =>
      `<text x="${n(x(part * spanMs))}" y="${top + PANEL + 18}" text-anchor="middle">` +
      `${Math.round((part * spanMs) / 1000)} s</text>`,
  );
  return [
    `<text class="head" x="${LEFT}" y="${top - 10}">${head}</text>`,
    ...lines,
    ...times,
    draw(x, y),
  ].join('\n');
}

const n = (value: number): string => value.toFixed(1);

const rectangle = (x: number, y: number, width: number, height: number): string =>
  `<rect class="late" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"/>`;

const label = (value: number, unit: string): string =>
  unit === '%' ? `${Number(value.toFixed(2))} %` : String(Math.round(value));

const largest = (values: readonly number[], least: number): number =>
  values.reduce((most, value) => Math.max(most, value), least);

/** The next of 1, 2, 5, 10, 20, 50 … */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((step) => step * power >= value) ?? 10);
}
