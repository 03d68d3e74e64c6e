import { expect, test } from 'vitest';
import { labelled, merged } from '../../../../server/supervise/exposition.ts';

const text = (value: number) => `# HELP calls_total Calls {made}.
# TYPE calls_total counter
calls_total{room="a b",state="}{"} ${value}
calls_total{room="c"} 2

# HELP up Whether.
# TYPE up gauge
up ${value}
`;

test('a label is added to every sample, whether it has labels or none', () => {
  const lines = labelled(text(7), 'process', '1').split('\n');
  expect(lines).toContain('calls_total{process="1",room="a b",state="}{"} 7');
  expect(lines).toContain('up{process="1"} 7');
  expect(lines).toContain('# HELP calls_total Calls {made}.');
});

test('texts of two processes become one, each metric once and no series twice', () => {
  const whole = merged([labelled(text(1), 'process', '0'), labelled(text(2), 'process', '1')]);
  expect(whole).toBe(`# HELP calls_total Calls {made}.
# TYPE calls_total counter
calls_total{process="0",room="a b",state="}{"} 1
calls_total{process="0",room="c"} 2
calls_total{process="1",room="a b",state="}{"} 2
calls_total{process="1",room="c"} 2

# HELP up Whether.
# TYPE up gauge
up{process="0"} 1
up{process="1"} 2
`);
});

test('a process that is down adds nothing, and neither does what belongs to no metric', () => {
  expect(merged(['', 'stray 1\n'])).toBe('');
  expect(merged(['', text(3)])).toContain('up 3\n');
});
