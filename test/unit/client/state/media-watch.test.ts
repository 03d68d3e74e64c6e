import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MediaWatch } from '../../../../client/state/media-watch.ts';
import type { WatchedConnection, WatchedMedia } from '../../../../client/state/media-watch.ts';

type State = WatchedMedia['connectionStates'][number];

/** A call whose connections are in whatever state a test says. */
class Stage {
  states: State[] = ['connected', 'connected'];
  online = true;
  stuckSince: number | undefined;
  /** Something arrives; or the way for media is gone; or the network with the server, too. */
  network: 'up' | 'no media' | 'down' = 'up';
  #arrived = 0;
  readonly tried: string[] = [];
  readonly connection: WatchedConnection = {
    phase: 'connecting',
    blockage: undefined,
    measure: () => undefined,
  };
  readonly watch = new MediaWatch({
    connection: this.connection,
    media: () => ({
      connectionStates: this.states,
      statistics: () => {
        if (this.network === 'up') this.#arrived += 100;
        return Promise.resolve([report(this.#arrived)]);
      },
      blockage: (now, patienceMs) =>
        this.stuckSince !== undefined && now - this.stuckSince >= patienceMs
          ? 'network'
          : undefined,
      restartIce: () => this.#try('restart ICE'),
    }),
    online: () => this.online,
    answers: async (patienceMs) => {
      if (this.network !== 'down') return true;
      await new Promise((resolve) => setTimeout(resolve, patienceMs));
      return false;
    },
    reconnect: () => {
      this.tried.push('reconnect');
      this.online = false;
    },
    rebuild: () => this.#try('new transports'),
    rejoin: () => this.#try('rejoin'),
  });

  becomes(state: State): void {
    this.states = [state, 'connected'];
    this.watch.check();
  }

  #try(remedy: string): Promise<void> {
    this.tried.push(remedy);
    return Promise.resolve();
  }
}

function report(bytesReceived: number): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
    ['P', { type: 'candidate-pair', bytesReceived, responsesReceived: 0 }],
  ]);
}

let stage: Stage;

beforeEach(() => {
  vi.useFakeTimers();
  stage = new Stage();
  stage.watch.start();
});
afterEach(() => {
  stage.watch.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('while the server cannot be asked the call is not said to be connected', async () => {
  stage.online = false;
  stage.connection.phase = 'reconnecting';
  await vi.advanceTimersByTimeAsync(3_000);
  expect(stage.connection.phase).toBe('reconnecting');
  stage.online = true;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(stage.connection.phase).toBe('connected');
});

describe('a path that is lost', () => {
  test('for a moment is waited for', async () => {
    stage.becomes('disconnected');
    expect(stage.connection.phase).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(2_500);
    stage.becomes('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stage.connection.phase).toBe('connected');
    expect(stage.tried).toEqual([]);
  });

  test('is looked for by ICE, then new transports, then by joining again', async () => {
    stage.becomes('disconnected');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(stage.tried).toEqual(['restart ICE']);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(stage.tried).toEqual(['restart ICE', 'new transports']);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(stage.tried).toEqual(['restart ICE', 'new transports', 'rejoin']);
  });

  test('for good is acted on at once', async () => {
    stage.becomes('failed');
    await vi.advanceTimersByTimeAsync(0);
    expect(stage.tried).toEqual(['restart ICE']);
  });

  test('that is found again ends the search, and the next loss begins anew', async () => {
    stage.becomes('failed');
    await vi.advanceTimersByTimeAsync(0);
    stage.becomes('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    stage.becomes('failed');
    await vi.advanceTimersByTimeAsync(0);
    expect(stage.tried).toEqual(['restart ICE', 'restart ICE']);
  });

  test('is left alone while the server cannot be asked, and seen to when it can', async () => {
    stage.online = false;
    stage.becomes('failed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stage.tried).toEqual([]);
    stage.online = true;
    stage.watch.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(stage.tried).toEqual(['restart ICE']);
  });
});

describe('when nothing arrives any more, though no state has changed', () => {
  beforeEach(async () => {
    stage.watch.check();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(stage.connection.phase).toBe('connected');
  });

  test('a blackout of three seconds is waited for', async () => {
    stage.network = 'down';
    await vi.advanceTimersByTimeAsync(2_900);
    stage.network = 'up';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stage.tried).toEqual([]);
    expect(stage.connection.phase).toBe('connected');
  });

  test('and the server answers, it is the way for media: ICE is restarted within four seconds', async () => {
    stage.network = 'no media';
    await vi.advanceTimersByTimeAsync(4_100);
    expect(stage.tried).toEqual(['restart ICE']);
    expect(stage.connection.phase).toBe('reconnecting');
    stage.network = 'up';
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stage.connection.phase).toBe('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stage.tried).toEqual(['restart ICE']);
  });

  test('nor from the server, the connection to it is made anew, and then ICE is restarted', async () => {
    stage.network = 'down';
    await vi.advanceTimersByTimeAsync(4_100);
    expect(stage.tried).toEqual(['reconnect']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(stage.tried).toEqual(['reconnect']);
    stage.network = 'no media';
    stage.online = true;
    stage.watch.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(stage.tried).toEqual(['reconnect', 'restart ICE']);
  });

  test('whose media flows again when the server is back needs no remedy', async () => {
    stage.network = 'down';
    await vi.advanceTimersByTimeAsync(10_000);
    stage.network = 'up';
    await vi.advanceTimersByTimeAsync(600);
    stage.online = true;
    stage.watch.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(stage.tried).toEqual(['reconnect']);
    expect(stage.connection.phase).toBe('connected');
  });
});

test('no way to the server within fifteen seconds is told, and a way found later takes it back', async () => {
  stage.stuckSince = performance.now();
  stage.becomes('connecting');
  await vi.advanceTimersByTimeAsync(11_000);
  expect(stage.connection.blockage).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(stage.connection.blockage).toBe('network');
  stage.stuckSince = undefined;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(stage.connection.blockage).toBeUndefined();
});
