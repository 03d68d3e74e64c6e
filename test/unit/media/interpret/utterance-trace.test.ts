import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { RecordedTraces } from '../../../support/recorded-traces.ts';
import type { RecordedSpan } from '../../../support/recorded-traces.ts';
import { CATALAN, SPANISH, SpeakerStage } from '../../../support/speaker-stage.ts';

let traces: RecordedTraces;
let stage: SpeakerStage;

beforeEach(async () => {
  traces = new RecordedTraces();
  stage = await SpeakerStage.create({}, traces);
  await stage.speaker.setTargets([SPANISH, CATALAN], true);
});

afterEach(() => stage[Symbol.asyncDispose]());

function only(name: string): RecordedSpan {
  const [span, ...more] = traces.named(name);
  if (span === undefined || more.length > 0) throw new Error(`not one ${name}`);
  return span;
}

const outcomes = () => stage.logged.filter(({ msg }) => msg === 'an utterance is over');

describe('the trace of an utterance', () => {
  it('ends each span once, the whole after its last part', async () => {
    await stage.utter(1_000);
    await stage.nothing(2_000);
    for (const { name, ends } of traces.spans) expect([name, ends.length]).toEqual([name, 1]);
    const whole = only('utterance').ends[0]?.at ?? 0;
    for (const { ends } of traces.spans) expect(ends[0]?.at ?? 0).toBeLessThanOrEqual(whole);
    expect(only('utterance').facts).toEqual({ source: 'en', outcome: 'translated' });
    const languages = traces.named('voice').map(({ facts }) => facts['language']);
    expect(languages.toSorted()).toEqual(['ca', 'es']);
    expect(traces.named('playout')).toHaveLength(2);
  });

  it('is one for each utterance', async () => {
    await stage.utter(800);
    await stage.utter(800);
    await stage.nothing(2_000);
    const ids = traces.named('utterance').map(({ context }) => context.traceId);
    expect(new Set(ids).size).toBe(2);
    expect(outcomes().map(({ trace, room }) => [trace, room])).toEqual(
      ids.map((id) => [id, 'a1b2c3d4']),
    );
  });

  it('tells which request failed, and is found by the line that says so', async () => {
    stage.engine.speechFault = new InferenceError('failed', 'the words are these');
    await stage.utter(1_000);
    await stage.nothing(500);
    const [failed] = traces.named('recognise');
    expect(failed?.ends[0]?.failed).toBe('failed');
    expect(only('utterance').facts['outcome']).toBe('failed');
    expect(only('utterance').ends).toHaveLength(1);
    expect(outcomes()).toMatchObject([
      { level: 40, outcome: 'failed', trace: only('utterance').context.traceId },
    ]);
  });

  it('ends though a voice fails, and though nobody waits for it any more', async () => {
    stage.engine.voiceFault = new InferenceError('failed', 'the words are these');
    await stage.utter(1_000);
    await stage.nothing(500);
    expect(only('utterance').ends).toHaveLength(1);
    expect(traces.named('voice').map(({ ends }) => ends[0]?.failed)).toEqual(['failed', 'failed']);
    expect(traces.named('playout')).toEqual([]);
  });

  it('ends when its speaker goes in the middle of it', async () => {
    await stage.speak(900);
    await stage.speaker.close();
    expect(only('utterance').facts['outcome']).toBe('abandoned');
    expect(only('utterance').ends).toHaveLength(1);
  });

  it('is another one for what is said again', async () => {
    stage.speaker.say([{ language: 'es', text: 'una oveja' }]);
    await stage.nothing(1_000);
    expect(only('correction').ends).toHaveLength(1);
    expect(only('synthesise').parent).toBe(only('voice'));
    expect(traces.named('utterance')).toEqual([]);
  });
});

it('what is logged of an utterance says nothing of what was said', async () => {
  stage.engine.recognise = (request) => ({
    transcript: { committed: 'secretword', tentative: '' },
    translations: request.targets.map(() => ({ committed: 'palabra', tentative: '' })),
    logprob: 0,
  });
  await stage.utter(1_000);
  await stage.nothing(1_000);
  expect(stage.finals).toHaveLength(1);
  expect(outcomes()).toHaveLength(1);
  expect(JSON.stringify(stage.logged)).not.toMatch(/secretword|palabra/);
});
