import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { CATALAN, SPANISH, SpeakerStage } from '../../../support/speaker-stage.ts';

let stage: SpeakerStage;

beforeEach(async () => {
  stage = await SpeakerStage.create();
});
afterEach(() => stage[Symbol.asyncDispose]());

it('what a speaker says differently is spoken to those who hear the translation', async () => {
  await stage.speaker.setTargets([SPANISH, { language: 'ca' }], false);
  stage.speaker.say([
    { language: 'es', text: 'una oveja' },
    { language: 'ca', text: 'una ovella' },
    { language: 'fr', text: 'un mouton' },
  ]);
  await eventually(() => stage.engine.voiceRequests.length === 1);
  await stage.nothing(500);
  expect(stage.engine.voiceRequests).toEqual([
    { text: 'una oveja', language: 'es', voice: 'female-2' },
  ]);
  expect(stage.sent.voiced.every(({ ssrc }) => ssrc === 70)).toBe(true);
  expect(stage.sent.voiced).toHaveLength(10);
  expect(stage.states().map(({ state }) => state)).toEqual(['interpreting', 'speaking', 'idle']);
});

it('it is spoken after what waits, in each language by itself', async () => {
  await stage.speaker.setTargets([SPANISH, CATALAN], false);
  const release = stage.engine.holdVoice();
  await stage.utter(1_000);
  await eventually(() => stage.finals.length === 1);
  stage.speaker.say([{ language: 'es', text: 'una oveja' }]);
  release();
  await stage.nothing(1_000);
  const texts = (language: string): readonly string[] =>
    stage.engine.voiceRequests
      .filter((asked) => asked.language === language)
      .map(({ text }) => text);
  expect(texts('es')).toHaveLength(2);
  expect(texts('es').at(-1)).toBe('una oveja');
  expect(texts('ca')).toHaveLength(1);
});

it('it says nothing of how far behind the speaker the voice is', async () => {
  await stage.speaker.setTargets([SPANISH], false);
  await stage.utter(1_000);
  await stage.nothing(1_000);
  const lag = stage.states().at(-1)?.lagMs;
  stage.speaker.say([{ language: 'es', text: 'una oveja' }]);
  await stage.nothing(1_000);
  expect(stage.states().map(({ lagMs }) => lagMs)).toEqual([undefined, lag, lag, lag, lag, lag]);
  const metrics = await stage.metrics.text({
    speakers: 0,
    speaking: 0,
    voices: 0,
    queues: {},
    stages: [],
  });
  for (const name of ['voice', 'playout']) {
    expect(metrics).toContain(`parley_media_voice_stage_seconds_count{stage="${name}"} 1`);
  }
  expect(metrics).toContain('parley_media_voice_latency_seconds_count 1');
});

it('of somebody nobody listens to there is nothing to say', async () => {
  stage.speaker.say([{ language: 'es', text: 'una oveja' }]);
  await stage.nothing(200);
  expect(stage.engine.voiceRequests).toEqual([]);
  expect(stage.states()).toEqual([]);
});
