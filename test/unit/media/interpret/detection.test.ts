import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { LanguageDetection } from '../../../../media/interpret/detection.ts';
import type { MediaToServer } from '../../../../media/messages.ts';
import { Metrics } from '../../../../media/metrics.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeEngine } from '../../../support/fake-inference.ts';

const PART_MS = 500;

let engine: FakeEngine;
let metrics: Metrics;
let reports: MediaToServer[];
let detection: LanguageDetection;

beforeEach(() => {
  engine = new FakeEngine();
  metrics = new Metrics(new FakeClock());
  reports = [];
  detection = new LanguageDetection({
    speaker: 'ann',
    engine,
    report: (message) => reports.push(message),
    meter: metrics.stage('identify'),
  });
});

afterEach(() => {
  detection[Symbol.dispose]();
});

/** One utterance, in parts as the detector of speech gives them. */
function utter(ms: number): void {
  detection.began();
  for (let said = 0; said < ms; said += PART_MS) detection.heard(new Float32Array(16 * PART_MS));
  detection.ended();
}

/** A few turns of the event loop: what is under way has settled. */
function turns(): Promise<void> {
  let left = 10;
  return eventually(() => left-- === 0);
}

const asked = () => engine.identifications.map(({ ms }) => ms);
const answered = (count: number) => eventually(() => reports.length === count);

describe('which language is spoken', () => {
  it('is asked with the first three seconds of speech, before the utterance has ended', async () => {
    detection.listenFor(['en', 'ru']);
    detection.began();
    for (let part = 0; part < 6; part += 1) detection.heard(new Float32Array(16 * PART_MS));
    await answered(1);
    expect(engine.identifications).toEqual([{ ms: 3000, among: ['en', 'ru'] }]);
    expect(reports).toEqual([
      {
        type: 'language-heard',
        speaker: 'ann',
        languages: [
          { language: 'en', probability: 0.5 },
          { language: 'ru', probability: 0.25 },
        ],
      },
    ]);
  });

  it('is gathered over short utterances at first', async () => {
    detection.listenFor(['en', 'ru']);
    utter(1000);
    utter(1500);
    expect(asked()).toEqual([]);
    utter(500);
    await answered(1);
    expect(asked()).toEqual([3000]);
  });

  it('is asked once with each later utterance of two seconds or more', async () => {
    detection.listenFor(['en', 'ru']);
    utter(3000);
    await answered(1);
    utter(1500);
    utter(2000);
    await answered(2);
    utter(9000);
    await answered(3);
    expect(asked()).toEqual([3000, 2000, 3000]);
  });

  it('is not asked while an answer is awaited, which is counted', async () => {
    detection.listenFor(['en', 'ru']);
    const release = engine.holdIdentify();
    utter(3000);
    utter(3000);
    release();
    await answered(1);
    expect(asked()).toEqual([3000]);
    expect(metrics.stages).toMatchObject([{ stage: 'identify', dropped: { busy: 1 } }]);
    utter(2000);
    await answered(2);
  });

  it('is asked again with the next speech when there was no answer', async () => {
    detection.listenFor(['en', 'ru']);
    engine.failIdentify(new InferenceError('unavailable', 'starting'));
    utter(3000);
    await turns();
    utter(2000);
    expect(asked()).toEqual([3000]);
    utter(1000);
    await answered(1);
    expect(asked()).toEqual([3000, 3000]);
  });

  it('is nobody’s business without two languages to choose from', () => {
    utter(9000);
    detection.listenFor(['en']);
    utter(9000);
    detection.listenFor([]);
    utter(9000);
    expect(asked()).toEqual([]);
  });

  it('begins anew among other languages, and an answer about those of before is let go', async () => {
    detection.listenFor(['en', 'ru']);
    const release = engine.holdIdentify();
    utter(3000);
    detection.listenFor(['en', 'de']);
    release();
    utter(1500);
    await turns();
    utter(1500);
    await answered(1);
    expect(engine.identifications.map(({ among }) => among.join())).toEqual(['en,ru', 'en,de']);
  });

  it('is no longer asked, nor told, once the speaker has gone', async () => {
    detection.listenFor(['en', 'ru']);
    const release = engine.holdIdentify();
    utter(3000);
    detection[Symbol.dispose]();
    release();
    utter(9000);
    await turns();
    expect(asked()).toEqual([3000]);
    expect(reports).toEqual([]);
  });
});
