import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { CATALAN, SPANISH, SpeakerStage } from '../../../support/speaker-stage.ts';

let stage: SpeakerStage;

beforeEach(async () => {
  stage = await SpeakerStage.create();
  await stage.speaker.setTargets([SPANISH, CATALAN], false);
});

afterEach(() => stage[Symbol.asyncDispose]());

it('a translation that is lost has failed in its language, and in no other', async () => {
  stage.engine.recognise = ({ targets }) => ({
    transcript: { committed: 'hello', tentative: '' },
    translations: targets.map((language) =>
      language === 'es'
        ? { committed: '', tentative: '', lost: true }
        : { committed: 'bon dia', tentative: '' },
    ),
    logprob: 0,
  });
  await stage.utter(600);
  await eventually(() => stage.finals.length > 0);
  expect(stage.finals[0]).toMatchObject({
    transcript: { committed: 'hello' },
    translations: [
      { language: 'es', committed: '', spoken: false },
      { language: 'ca', committed: 'bon dia', spoken: true },
    ],
  });
  expect(stage.finals[0]?.translations[0]).not.toHaveProperty('lost');
  expect(stage.states('es').at(-1)?.state).toBe('failed');
  await eventually(() => stage.engine.voiceRequests.length > 0);
  expect(stage.engine.voiceRequests.map(({ language }) => language)).toEqual(['ca']);
});
