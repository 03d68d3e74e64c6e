import { expect, test } from 'vitest';
import { Engine } from '../../../server/engine.ts';

const ready = {
  state: 'ready' as const,
  name: 'offline',
  pairs: [{ source: 'en', target: 'es' }],
  recognises: ['en'],
};

test('an engine’s languages stay known while it restarts', () => {
  const engine = new Engine();
  expect(engine.info).toEqual({ state: 'starting', name: '', pairs: [], recognises: [] });
  engine.update(ready);
  engine.update({ state: 'failed', name: 'offline' });
  expect(engine.info).toEqual({ ...ready, state: 'failed' });
  engine.lost();
  expect(engine.info).toEqual({ ...ready, state: 'starting' });
});

test('an engine that names what is no language is not believed', () => {
  const engine = new Engine();
  expect(() => {
    engine.update({ ...ready, recognises: ['<script>'] });
  }).toThrow();
  expect(engine.info.state).toBe('starting');
});
