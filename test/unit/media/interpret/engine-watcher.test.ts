import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import type { EngineLanguages } from '../../../../inference/protocol/task-models.ts';
import { EngineWatcher } from '../../../../media/interpret/engine-watcher.ts';
import type { MediaToServer } from '../../../../media/messages.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeEngine } from '../../../support/fake-inference.ts';

const options = { enginePollMs: 500, engineFailedMs: 3000, engineRecoveryMs: 2000 };
const request = {
  sequence: 1,
  start: true,
  end: true,
  audio: new Float32Array(),
  source: 'en',
  targets: [],
};

/** An engine that can be out of reach. */
class DistantEngine extends FakeEngine {
  reachable = true;
  looks = 0;

  override ready(signal: AbortSignal): Promise<boolean> {
    this.looks += 1;
    return this.reachable ? super.ready(signal) : Promise.resolve(false);
  }

  override languages(signal: AbortSignal): Promise<EngineLanguages> {
    const away = new InferenceError('unavailable', 'ECONNREFUSED');
    return this.reachable ? super.languages(signal) : Promise.reject(away);
  }
}

let clock: FakeClock;
let engine: DistantEngine;
let reports: MediaToServer[];
let watcher: EngineWatcher;

beforeEach(() => {
  clock = new FakeClock();
  engine = new DistantEngine();
  reports = [];
  watcher = new EngineWatcher(
    () => engine,
    clock,
    options,
    (message) => reports.push(message),
  );
});

afterEach(() => watcher.close());

const states = (): string[] =>
  reports.map((report) => (report.type === 'engine-state' ? report.state : report.type));

/** Lets one more look at the engine happen. */
async function look(ms = options.enginePollMs): Promise<void> {
  await eventually(() => clock.pending > 0);
  const before = engine.looks;
  clock.advance(ms);
  await eventually(() => engine.looks > before && clock.pending > 0);
}

describe('EngineWatcher', () => {
  it('reports what a ready engine can do', async () => {
    await watcher.use({ url: 'http://engine' });
    await eventually(() => reports.length === 1);
    expect(reports).toEqual([
      {
        type: 'engine-state',
        state: 'ready',
        name: 'fake',
        recognises: ['en'],
        pairs: [{ source: 'en', target: 'es' }],
        texts: [],
        identifies: [],
      },
    ]);
  });

  it('waits for an engine that is not listening yet, then not ready yet', async () => {
    engine.reachable = false;
    engine.isReady = false;
    await watcher.use({ url: 'http://engine' });
    await look();
    engine.reachable = true;
    await look();
    engine.isReady = true;
    await look();
    expect(reports).toMatchObject([
      { state: 'starting', name: 'engine' },
      { state: 'starting', name: 'fake' },
      { state: 'ready', name: 'fake' },
    ]);
  });

  it('reports an engine that restarts as starting, and as ready again', async () => {
    await watcher.use({ url: 'http://engine' });
    await eventually(() => clock.pending > 0);
    engine.reachable = false;
    await look();
    engine.reachable = true;
    await look();
    expect(states()).toEqual(['ready', 'starting', 'ready']);
  });

  it('reports an engine out of reach for long as failed, and still sees it come back', async () => {
    engine.reachable = false;
    await watcher.use({ url: 'http://engine' });
    for (let passed = 0; passed <= 3000; passed += 500) await look();
    engine.reachable = true;
    await look();
    expect(states()).toEqual(['starting', 'failed', 'ready']);
  });

  it('looks again at once for whoever hopes for recovery', async () => {
    await watcher.use({ url: 'http://engine' });
    await eventually(() => clock.pending > 0);
    engine.reachable = false;
    await look();
    engine.reachable = true;
    await watcher.recovered(new AbortController().signal);
    expect(clock.now()).toBe(500);
    expect(states().at(-1)).toBe('ready');
  });

  it('does not hope for ever', async () => {
    engine.reachable = false;
    await watcher.use({ url: 'http://engine' });
    await eventually(() => clock.pending > 0);
    const hoping = watcher.recovered(new AbortController().signal);
    await eventually(() => clock.pending > 1);
    clock.advance(2000);
    await expect(hoping).resolves.toBeUndefined();
  });

  it('moves to another address and closes the old connection', async () => {
    const [old, next] = [new DistantEngine(), new DistantEngine()];
    next.known = { ...next.known, engine: 'canary', recognises: ['de'], pairs: [] };
    const engines = [old, next];
    watcher = new EngineWatcher(
      () => engines.shift() ?? new DistantEngine(),
      clock,
      options,
      (message) => reports.push(message),
    );
    await watcher.use({ url: 'http://old' });
    await eventually(() => reports.length === 1);
    await watcher.use({ url: 'http://next' });
    await eventually(() => reports.length === 2);
    expect([old.closed, next.closed]).toEqual([true, false]);
    expect(reports[1]).toMatchObject({ name: 'canary', recognises: ['de'] });
    await watcher.speech(request, new AbortController().signal);
    expect([old.speechRequests.length, next.speechRequests.length]).toEqual([0, 1]);
  });

  it('keeps a pool whose engine of this machine has moved, and learns what it can do now', async () => {
    const followed: string[] = [];
    let connections = 0;
    let learn = (): void => undefined;
    const pool = Object.assign(engine, { follow: (url: string) => followed.push(url) });
    watcher = new EngineWatcher(
      (_, onChange) => {
        connections += 1;
        learn = onChange;
        return pool;
      },
      clock,
      options,
      (message) => reports.push(message),
    );
    const elsewhere = { urls: ['http://a'], fallback: true, concurrency: 1, queue: 1 };
    await watcher.use({ elsewhere });
    await eventually(() => reports.length === 1);
    await watcher.use({ url: 'http://here', elsewhere: { ...elsewhere } });
    expect([connections, followed]).toEqual([1, ['http://here']]);
    pool.known = { ...pool.known, recognises: ['en', 'de'] };
    await eventually(() => clock.pending > 0);
    learn();
    await eventually(() => reports.length === 2);
    expect(reports[1]).toMatchObject({ state: 'ready', recognises: ['en', 'de'] });
    await watcher.use({ url: 'http://here' });
    expect([connections, pool.closed]).toEqual([2, true]);
  });

  it('is unavailable while there is no engine at all', async () => {
    const failure = watcher.speech(request, new AbortController().signal);
    await expect(failure).rejects.toThrow(InferenceError);
    await expect(failure).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('leaves no timer behind when closed', async () => {
    await watcher.use({ url: 'http://engine' });
    await eventually(() => clock.pending > 0);
    await watcher.close();
    expect([clock.pending, engine.closed]).toEqual([0, true]);
  });
});
