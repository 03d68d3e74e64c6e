import { describe, expect, it } from 'vitest';
import { readPlaying } from '../../../../client/media/playing.ts';

const track = {
  type: 'inbound-rtp',
  jitter: 0.004,
  jitterBufferDelay: 48_000 * 0.06,
  jitterBufferEmittedCount: 48_000,
  totalSamplesReceived: 50_000,
  concealedSamples: 2_000,
  silentConcealedSamples: 1_500,
};

describe('how the browser plays what it receives', () => {
  it('is averaged over all tracks, except for jitter, of which it tells the worst', () => {
    const quiet = {
      ...{ type: 'inbound-rtp', jitter: 0.001, jitterBufferDelay: 48_000 * 0.02 },
      ...{ jitterBufferEmittedCount: 48_000, totalSamplesReceived: 50_000, concealedSamples: 0 },
    };
    const playing = readPlaying(new Map<string, unknown>(Object.entries({ track, quiet })));
    expect(playing?.jitterMs).toBeCloseTo(4);
    expect(playing?.bufferMs).toBeCloseTo(40);
    expect(playing?.concealed).toBeCloseTo(0.005);
  });

  it('does not count silence that nobody misses', () => {
    const silent = { ...track, concealedSamples: 9_000, silentConcealedSamples: 9_001 };
    expect(readPlaying(new Map([['a', silent]]))?.concealed).toBe(0);
  });

  it('is unknown until something was played, and survives odd entries', () => {
    expect(readPlaying(new Map())).toBeUndefined();
    const odd = new Map<string, unknown>([
      ['a', null],
      ['b', { type: 'inbound-rtp', jitterBufferEmittedCount: 'many' }],
    ]);
    expect(readPlaying(odd)).toBeUndefined();
  });
});
