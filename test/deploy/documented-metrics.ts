import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../docs/operations.md');

/** The metrics in the tables of docs/operations.md, which a test of its own compares with a server. */
export function metricsInDocumentation() {
  const rows = Array.from(
    readFileSync(PAGE, 'utf8').matchAll(/^\| `(parley_[a-z_]+)`\s*\| (\w+)/gm),
    ([, name = '', type = '']) => ({ name, type }),
  );
  return {
    names: new Set(rows.map(({ name }) => name)),
    histograms: new Set(rows.flatMap(({ name, type }) => (type === 'histogram' ? name : []))),
  };
}
