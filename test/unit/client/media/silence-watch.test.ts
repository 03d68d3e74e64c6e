import { describe, expect, it } from 'vitest';
import { SilenceWatch } from '../../../../client/media/silence-watch.ts';
import type { MicrophoneMoment } from '../../../../client/media/silence-watch.ts';

const speech = 0.1;
const noise = 0.0005;
const nothing = 0;

/** Watches `value` for so long, every 60 ms, and tells when it was first found dead. */
function watch(
  silence: SilenceWatch,
  from: number,
  ms: number,
  moment: Partial<MicrophoneMoment>,
): number | undefined {
  let found: number | undefined;
  for (let now = from; now <= from + ms; now += 60) {
    const dead = silence.push({ value: noise, muted: false, listening: true, ...moment }, now);
    if (dead) found ??= now - from;
  }
  return found;
}

describe('a microphone that was never heard', () => {
  it('is suspected after six seconds, though it may have some noise', () => {
    expect(watch(new SilenceWatch(), 0, 10_000, {})).toBeGreaterThan(6_000);
    expect(watch(new SilenceWatch(), 0, 5_900, {})).toBeUndefined();
  });

  it('is cleared by the first word', () => {
    const silence = new SilenceWatch();
    watch(silence, 0, 8_000, {});
    expect(silence.push({ value: speech, muted: false, listening: true }, 8_060)).toBe(false);
    expect(silence.heard).toBe(true);
  });

  it('is not judged while its level cannot be read', () => {
    const silence = new SilenceWatch();
    expect(watch(silence, 0, 20_000, { value: nothing, listening: false })).toBeUndefined();
    expect(watch(silence, 20_000, 5_000, {})).toBeUndefined();
  });
});

describe('a microphone that was heard before', () => {
  const heard = (): SilenceWatch => {
    const silence = new SilenceWatch();
    watch(silence, 0, 60, { value: speech });
    return silence;
  };

  it('may be quiet for minutes', () => {
    expect(watch(heard(), 120, 300_000, { value: noise })).toBeUndefined();
  });

  it('is dead when not even noise comes for long', () => {
    expect(watch(heard(), 120, 60_000, { value: nothing })).toBeGreaterThan(15_000);
  });

  it('is soon known to be held back when the browser says so', () => {
    expect(watch(heard(), 120, 10_000, { muted: true })).toBeLessThan(2_200);
    expect(watch(heard(), 120, 1_500, { muted: true })).toBeUndefined();
  });
});
