import { failures, ratio, type Finding } from '../support/lab/finding.ts';
import { writePage } from './recovery/page.ts';
import { throughMatrix } from './recovery/matrix.ts';
import { killedProcesses } from './recovery/processes.ts';
import { printTable, type Benchmark } from './result.ts';

/**
 * From a fault to sound again, over what the fault matrix allows: the worst of all rows counts, so 1
 * means that all hold. Network faults are inflicted here; what killed processes come to is read from
 * the last run of test/chaos. Writes both into docs/reliability.md.
 */
export const recovery: Benchmark = {
  name: 'recovery',
  summary: 'from a fault to translated audio, over the criterion, worst row of the fault matrix',
  run: async () => {
    const network: Finding[] = [];
    for await (const finding of throughMatrix()) {
      network.push(finding);
      const failed = failures(finding);
      const verdict = failed.length === 0 ? 'held' : failed.join('; ');
      console.error(`${finding.row} (${finding.whose.join(', ')}): ${verdict}`);
    }
    const processes = await killedProcesses();
    await writePage({ network, processes });
    const findings = [...network, ...processes].filter(({ figures }) => figures.length > 0);
    printTable(
      ['fault', 'of', 'figure', 'value', 'at most', 'ratio'],
      findings.flatMap(({ row, whose, figures }) =>
        figures.map(({ what, value, limit, unit }): (string | number)[] => [
          ...[row, whose.join(' and '), `${what}, ${unit}`],
          ...[value, limit, value / limit],
        ]),
      ),
    );
    const worst = findings.reduce((one, other) => (ratio(other) > ratio(one) ? other : one));
    const [figure] = worst.figures.toSorted((a, b) => b.value / b.limit - a.value / a.limit);
    if (figure === undefined) throw new Error('nothing was measured');
    return {
      benchmark: 'recovery',
      ratio: figure.value / figure.limit,
      goal: 1,
      lowerIsBetter: true,
      ours: figure.value,
      baseline: figure.limit,
      unit: `${figure.unit} (${worst.row}: ${figure.what})`,
      rounds: 1,
      spread: 0,
    };
  },
};
