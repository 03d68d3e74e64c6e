import { afterEach, describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import type { MediaToServer } from '../../../../media/messages.ts';
import type { MediaOptions } from '../../../../media/options.ts';
import { eventually } from '../../../support/eventually.ts';
import { CATALAN, SPANISH, SpeakerStage } from '../../../support/speaker-stage.ts';

let stage: SpeakerStage;

const open = async (changes: Partial<MediaOptions> = {}): Promise<void> => {
  stage = await SpeakerStage.create(changes);
};

afterEach(() => stage[Symbol.asyncDispose]());

type LanguageHeard = Extract<MediaToServer, { type: 'language-heard' }>;

it('a translation that could not be spoken is marked in its caption, and heard again when it can', async () => {
  await open();
  stage.engine.failVoice(new InferenceError('failed', 'no voice'));
  await stage.speaker.setTargets([SPANISH, CATALAN], false);
  await stage.utter(800);
  await eventually(() => stage.finals.length === 2);
  expect(stage.finals[1]?.translations).toMatchObject([
    { language: 'es', spoken: false, committed: stage.finals[0]?.translations[0]?.committed },
    { language: 'ca', spoken: true },
  ]);
  expect(stage.states().at(-1)?.state).toBe('voiceless');
  await stage.utter(800);
  await stage.nothing(1000);
  expect(stage.states().map(({ state }) => state)).toEqual([
    ...['interpreting', 'voiceless', 'interpreting', 'speaking', 'idle'],
  ]);
});

it('a voice is asked for once more when the engine was only away', async () => {
  await open();
  stage.engine.failVoice(new InferenceError('unavailable', 'restarting'));
  await stage.speaker.setTargets([SPANISH], false);
  await stage.utter(800);
  await stage.nothing(1000);
  expect(stage.engine.recoveries).toBe(1);
  expect(stage.sent.voiced).toHaveLength(10);
  expect(stage.states().at(-1)?.state).toBe('idle');
});

it('the language spoken is told after three seconds of speech, and only where somebody asked', async () => {
  await open();
  stage.engine.spoken = [['ru', 0.9]];
  await stage.speaker.setTargets([SPANISH], false);
  await stage.utter(4000);
  expect(stage.engine.identifications).toEqual([]);
  stage.speaker.setDetection(['en', 'ru']);
  await stage.utter(4000);
  const heard = () =>
    stage.reports.filter((report): report is LanguageHeard => report.type === 'language-heard');
  await eventually(() => heard().length > 0);
  expect(stage.engine.identifications).toHaveLength(1);
  expect(stage.engine.identifications[0]?.ms).toBeGreaterThanOrEqual(3000);
  const [told] = heard();
  expect(told?.speaker).toBe('ann');
  expect(told?.languages.map(({ language }) => language)).toEqual(['ru', 'en']);
  expect(told?.languages[0]?.probability).toBe(0.9);
});

describe('an engine in trouble', () => {
  it('gets the whole utterance once more in one request when it was only away', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(700);
    stage.engine.failSpeech(new InferenceError('unavailable', 'restarting'));
    await stage.speak(700);
    await stage.pause(700);
    await eventually(() => stage.finals.length === 1);
    const retry = stage.engine.speechRequests.at(-1);
    expect(retry).toMatchObject({ start: true, end: true, source: 'en', targets: ['es'] });
    expect((retry?.audio.length ?? 0) / 16_000).toBeGreaterThan(1.4);
    expect(retry?.sequence).not.toBe(stage.engine.speechRequests[0]?.sequence);
    expect(stage.finals[0]?.gap).toBeUndefined();
  });

  it('gets it once more, too, when it has lost the utterance; words that were shown stay', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], true);
    await stage.speak(2000);
    const lost = new InferenceError('badRequest', 'sequence 1 has not been started');
    stage.engine.failSpeech(lost);
    stage.engine.recognise = ({ targets }) => {
      const text = { committed: 'won too free', tentative: '' };
      return { transcript: text, translations: targets.map(() => text), logprob: 0 };
    };
    await stage.speak(700);
    await stage.pause(700);
    await eventually(() => stage.finals.length === 1);
    expect(stage.engine.speechRequests.at(-1)).toMatchObject({ start: true, end: true });
    const shown = stage.captions.findLast(({ final }) => !final)?.transcript.committed ?? '';
    expect(shown).toMatch(/^one/);
    expect(stage.finals[0]?.transcript.committed.startsWith(shown)).toBe(true);
    expect(stage.finals[0]?.transcript.committed).toMatch(/free$/);
  });

  it('is not asked a third time; the caption says that words are missing', async () => {
    await open();
    const away = new InferenceError('unavailable', 'gone');
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(700);
    // The part, the request to forget the sequence, and the whole utterance.
    stage.engine.failSpeech(away, away, away);
    await stage.utter(700);
    await eventually(() => stage.finals.length === 1);
    expect(stage.finals[0]).toMatchObject({ gap: 'failed', translations: [{ language: 'es' }] });
    expect(stage.states().at(-1)?.state).toBe('failed');
    await stage.utter(700);
    await stage.nothing(500);
    expect(stage.finals[1]?.gap).toBeUndefined();
    expect(stage.states().at(-1)?.state).toBe('idle');
  });

  it.each([
    ['failed', 'failed'],
    ['badRequest', 'failed'],
    ['overloaded', 'skipped'],
  ] as const)('that answers "%s" is not asked again: %s', async (code, gap) => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    stage.engine.failSpeech(new InferenceError(code, 'no'));
    await stage.utter(1500);
    await eventually(() => stage.finals.length === 1);
    expect(stage.finals[0]?.gap).toBe(gap);
    expect(stage.engine.speechRequests.filter(({ start }) => start)).toHaveLength(1);
  });

  it('that is too slow loses the oldest speech, and the caption says so', async () => {
    await open({ speechQueueMs: 1000 });
    const release = stage.engine.holdSpeech();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(4000);
    release();
    await stage.pause(700);
    await eventually(() => stage.finals.length === 1);
    expect(stage.finals[0]?.gap).toBe('skipped');
    expect(
      await stage.metrics.text({ speakers: 0, speaking: 0, voices: 0, queues: {}, stages: [] }),
    ).toMatch(/dropped_total\{stage="speech-queue",reason="oldest"\} \d+/);
  });
});
