import { expect, test } from 'vitest';
import { Engine, overall } from '../../../server/engine.ts';

const ready = {
  state: 'ready' as const,
  name: 'offline',
  pairs: [
    { source: 'en', target: 'es' },
    { source: 'en', target: 'ca', via: 'es' },
  ],
  recognises: ['en'],
  texts: [{ source: 'es', target: 'ca' }],
  identifies: ['en', 'es'],
};

test('an engine’s languages stay known while it restarts', () => {
  const engine = new Engine();
  const nothing = { pairs: [], recognises: [], texts: [], identifies: [] };
  expect(engine.info).toEqual({ state: 'starting', name: '', ...nothing });
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

test('of several who ask the engine, the one that found it ready speaks for all', () => {
  const [found, lost, asking] = [new Engine(), new Engine(), new Engine()];
  found.update(ready);
  lost.update({ state: 'failed', name: 'offline' });
  expect(overall([lost.info, asking.info, found.info])).toEqual(found.info);
  expect(overall([lost.info, asking.info])).toEqual(asking.info);
  expect(overall([lost.info])).toEqual(lost.info);
});
