import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { UtteranceDetector } from '../../../../media/vad/detector.ts';
import type { SpeechEvent } from '../../../../media/vad/detector.ts';

/** Ten windows are 320 ms; all times below are whole windows. */
const options = {
  vadThreshold: 0.5,
  vadRelease: 0.35,
  vadMinSpeechMs: 96,
  vadMinSilenceMs: 320,
  vadPreRollMs: 64,
  vadPostRollMs: 96,
  vadMaxUtteranceMs: 3200,
  vadCutSearchMs: 640,
};

let detector: UtteranceDetector;
let count: number;

beforeEach(() => {
  detector = new UtteranceDetector(options);
  count = 0;
});

/** Each window's samples hold its number, so that what comes out can be recognised. */
function push(probability: number, loudness?: number): SpeechEvent[] {
  const number = count++;
  return [
    ...detector.push({
      position: number * 512,
      samples: new Float32Array(512).fill(loudness ?? number),
      arrivedAt: (number + 1) * 32,
      silent: false,
      follows: true,
      probability,
    }),
  ];
}

const run = (probabilities: readonly number[]): SpeechEvent[] =>
  probabilities.flatMap((probability) => push(probability));

const times = (length: number, probability: number): number[] =>
  Array.from({ length }, () => probability);

const kinds = (events: readonly SpeechEvent[]): string[] =>
  events.map(({ type }) => type).filter((type) => type !== 'audio');

const windowsIn = (events: readonly SpeechEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'audio' ? [event.samples[0] ?? -1] : []));

const LOUD = 0.9;
const BETWEEN = 0.4;
const LOW = 0.1;

describe('UtteranceDetector', () => {
  it('starts with the pre-roll once enough speech was heard', () => {
    run(times(10, LOW));
    expect(run([LOUD, LOUD])).toEqual([]);
    const events = push(LOUD);
    expect(events[0]).toEqual({ type: 'start', startedAt: 8 * 32 });
    expect(windowsIn(events)).toEqual([8, 9, 10, 11, 12]);
    expect(detector.active).toBe(true);
  });

  it('ignores a burst shorter than speech', () => {
    expect(run([LOUD, LOUD, ...times(20, LOW)])).toEqual([]);
    expect(detector.active).toBe(false);
  });

  it('ends after the set silence and says when speech itself ended', () => {
    const events = run([...times(10, LOUD), ...times(10, LOW)]);
    expect(kinds(events)).toEqual(['start', 'pause', 'end']);
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'silence', speechEndedAt: 10 * 32 });
  });

  it('asks for recognition as soon as silence has begun, long before the end', () => {
    run(times(10, LOUD));
    expect(kinds(run(times(3, LOW)))).toEqual([]);
    expect(kinds(run(times(1, LOW)))).toEqual(['pause']);
  });

  it('sends no more of the silence than the post-roll asks for', () => {
    const events = run([...times(10, LOUD), ...times(10, LOW)]);
    expect(windowsIn(events).at(-1)).toBe(13);
  });

  it('is not ended by a shorter silence, and loses nothing of it', () => {
    const events = run([
      ...times(10, LOUD),
      ...times(9, LOW),
      ...times(5, LOUD),
      ...times(10, LOW),
    ]);
    expect(kinds(events)).toEqual(['start', 'pause', 'pause', 'end']);
    expect(windowsIn(events)).toEqual(Array.from({ length: 28 }, (_, at) => at));
  });

  it('between the two thresholds stays as it is: speaking', () => {
    const events = run([...times(5, LOUD), ...times(30, BETWEEN)]);
    expect(kinds(events)).toEqual(['start']);
  });

  it('between the two thresholds stays as it is: silent', () => {
    const events = run([...times(5, LOUD), LOW, ...times(30, BETWEEN)]);
    expect(kinds(events)).toEqual(['start', 'pause', 'end']);
    expect(events.at(-1)).toMatchObject({ speechEndedAt: 5 * 32 });
  });

  it('between the two thresholds does not start', () => {
    expect(run(times(50, BETWEEN))).toEqual([]);
  });

  it('ends at once when flushed, with all that was heard', () => {
    run(times(10, LOUD));
    push(LOW);
    const events = detector.flush();
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'cut', speechEndedAt: 10 * 32 });
    expect(detector.active).toBe(false);
    expect(detector.flush()).toEqual([]);
  });

  it('forgets a beginning that was too short when flushed', () => {
    run([LOUD, LOUD]);
    expect(detector.flush()).toEqual([]);
    expect(run([LOUD])).toEqual([]);
  });

  it('cuts the longest utterance at its quietest window and goes on right there', () => {
    const events = Array.from({ length: 110 }, (_, at) =>
      push(LOUD, at === 90 ? 0.01 : 1 + at),
    ).flat();
    expect(kinds(events)).toEqual(['start', 'end', 'start']);
    const end = events.findIndex(({ type }) => type === 'end');
    expect(events[end]).toEqual({ type: 'end', reason: 'maximum', speechEndedAt: 91 * 32 });
    expect(windowsIn(events.slice(0, end)).at(-1)).toBeCloseTo(0.01);
    expect(windowsIn(events.slice(end))[0]).toBe(92);
    expect(events[end + 1]).toEqual({ type: 'start', startedAt: 91 * 32 });
  });

  it('ends an utterance that stops inside the stretch held back', () => {
    const events = run([...times(90, LOUD), ...times(10, LOW)]);
    expect(kinds(events)).toEqual(['start', 'pause', 'end']);
    expect(windowsIn(events).slice(0, 90)).toEqual(Array.from({ length: 90 }, (_, at) => at));
  });

  it('never loses, repeats or reorders a window inside speech, whatever the probabilities', () => {
    const probability = fc.oneof(fc.constant(LOUD), fc.constant(BETWEEN), fc.constant(LOW));
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 400 }), (probabilities) => {
        detector = new UtteranceDetector(options);
        count = 0;
        const events = [...run(probabilities), ...detector.flush()];
        const seen = windowsIn(events);
        expect(seen.every((number, at) => at === 0 || number > (seen[at - 1] ?? 0))).toBe(true);
        let open = false;
        let last = -1;
        for (const event of events) {
          if (event.type === 'start') {
            expect(open).toBe(false);
            open = true;
            last = -1;
          } else {
            expect(open).toBe(true);
          }
          if (event.type === 'end') open = false;
          if (event.type !== 'audio') continue;
          const number = event.samples[0] ?? -1;
          if (last >= 0) expect(number).toBe(last + 1);
          last = number;
        }
        expect(open).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('takes what is below the gate for silence, however much it sounds like speech', () => {
    detector.setGate(-20);
    expect(Array.from({ length: 30 }, () => push(LOUD, 0.01)).flat()).toEqual([]);
    expect(kinds(Array.from({ length: 10 }, () => push(LOUD, 0.5)).flat())).toEqual(['start']);
    const after = Array.from({ length: 30 }, () => push(LOUD, 0.01)).flat();
    expect(kinds(after)).toEqual(['pause', 'end']);
  });

  it('hears the quiet again once the gate is gone', () => {
    detector.setGate(-20);
    run(times(5, LOW));
    detector.setGate(null);
    expect(kinds(Array.from({ length: 10 }, () => push(LOUD, 0.01)).flat())).toEqual(['start']);
  });
});
