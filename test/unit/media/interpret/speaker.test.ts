import { afterEach, describe, expect, it } from 'vitest';
import type { MediaOptions } from '../../../../media/options.ts';
import { eventually } from '../../../support/eventually.ts';
import { nothing } from '../../../support/fake-inference.ts';
import { CATALAN, SPANISH, SpeakerStage } from '../../../support/speaker-stage.ts';

let stage: SpeakerStage;

const open = async (changes: Partial<MediaOptions> = {}): Promise<void> => {
  stage = await SpeakerStage.create(changes);
};

afterEach(() => stage[Symbol.asyncDispose]());

const texts = (): string[] =>
  stage.captions.map(({ transcript }) => `${transcript.committed}|${transcript.tentative}`);

describe('a speaker nobody listens to', () => {
  it('is not even decoded', async () => {
    await open();
    await stage.utter(1000);
    expect(stage.listening).toBe(false);
    expect(
      await stage.metrics.text({ speakers: 0, speaking: 0, voices: 0, queues: {}, stages: [] }),
    ).not.toMatch(/stage="jitter"/);
    expect(stage.reports).toEqual([]);
  });

  it('is listened to from the moment somebody wants captions', async () => {
    await open();
    await stage.utter(1000);
    await stage.speaker.setTargets([], true);
    await stage.utter(1000);
    await eventually(() => stage.finals.length === 1);
    expect(stage.engine.speechRequests.every(({ targets }) => targets.length === 0)).toBe(true);
    expect(stage.sent.voiced).toEqual([]);
  });

  it('is let go when the last listener leaves: what was said so far still becomes text', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1000);
    await stage.speaker.setTargets([], false);
    await eventually(() => stage.finals.length === 1);
    expect(stage.listening).toBe(false);
    expect(stage.finals[0]?.gap).toBeUndefined();
  });
});

describe('an utterance', () => {
  it('is recognised while it is spoken, in parts of about half a second of one sequence', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.utter(2000);
    await eventually(() => stage.finals.length === 1);
    const requests = stage.engine.speechRequests;
    expect(new Set(requests.map(({ sequence }) => sequence)).size).toBe(1);
    expect(requests.map(({ start }) => start)).toEqual(requests.map((_, at) => at === 0));
    expect(requests.map(({ end }) => end)).toEqual(
      requests.map((_, at) => at === requests.length - 1),
    );
    expect(requests.length).toBeGreaterThanOrEqual(5);
    expect(requests[1]?.audio.length).toBeLessThan(9000);
    const seconds = requests.reduce((sum, { audio }) => sum + audio.length, 0) / 16_000;
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(2.5);
  });

  it('leaves nothing to recognise for its end: the last request brings no audio', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.utter(1300);
    await eventually(() => stage.finals.length === 1);
    expect(stage.engine.speechRequests.at(-1)?.audio).toHaveLength(0);
  });

  it('is captioned as it grows, and sent only when the text has changed', async () => {
    await open();
    stage.engine.recognise = (request, part) => ({
      transcript: { committed: part < 3 ? '' : 'hello', tentative: part < 3 ? 'hel' : '' },
      translations: request.targets.map(() => ({ committed: '', tentative: 'hola' })),
      logprob: 0,
    });
    await stage.speaker.setTargets([SPANISH], true);
    await stage.utter(2000);
    await eventually(() => stage.finals.length === 1);
    expect(texts()).toEqual(['|hel', 'hello|', 'hello|']);
    expect(stage.captions.map(({ final }) => final)).toEqual([false, false, true]);
  });

  it('says who speaks what, when it began and ended, and what is spoken by the machine', async () => {
    await open();
    await stage.pause(500);
    const before = stage.clock.wall();
    await stage.speaker.setTargets([SPANISH, { language: 'gl' }], false);
    await stage.utter(1000);
    await eventually(() => stage.finals.length === 1);
    const [final] = stage.finals;
    expect(final).toMatchObject({
      speaker: 'ann',
      utterance: 0,
      source: 'en',
      translations: [
        { language: 'es', spoken: true, tentative: '' },
        { language: 'gl', spoken: false },
      ],
    });
    const { startedAt = 0, endedAt = 0 } = final ?? {};
    expect(Math.abs(startedAt - before)).toBeLessThan(100);
    expect(Math.abs(endedAt - startedAt - 1_000)).toBeLessThan(100);
    for (const partial of stage.captions.filter((caption) => !caption.final)) {
      expect(partial).not.toHaveProperty('endedAt');
    }
  });

  it('in which nothing is recognised leaves no caption and no voice', async () => {
    await open();
    stage.engine.recognise = nothing;
    await stage.speaker.setTargets([SPANISH], true);
    await stage.utter(1000);
    await eventually(() => stage.states().at(-1)?.state === 'idle');
    expect(stage.captions).toEqual([]);
    expect(stage.engine.voiceRequests).toEqual([]);
  });

  it('whose words turn out to be none takes its caption back', async () => {
    await open();
    stage.engine.recognise = (request, part) =>
      request.end
        ? nothing(request)
        : { ...nothing(request), transcript: { committed: '', tentative: `uh ${part}` } };
    await stage.speaker.setTargets([SPANISH], true);
    await stage.utter(1000);
    await eventually(() => stage.finals.length === 1);
    expect(stage.finals[0]?.transcript).toEqual({ committed: '', tentative: '' });
    expect(stage.engine.voiceRequests).toEqual([]);
  });
});

describe('a translation', () => {
  it('is spoken to its stream, in the voice of the speaker', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.utter(1000);
    await eventually(() => stage.engine.voiceRequests.length === 1);
    await stage.nothing(500);
    expect(stage.engine.voiceRequests).toEqual([
      { text: stage.finals[0]?.translations[0]?.committed, language: 'es', voice: 'female-2' },
    ]);
    expect(stage.sent.voiced).toHaveLength(10);
    expect(stage.sent.voiced.every(({ port, ssrc }) => port === 7000 && ssrc === 70)).toBe(true);
  });

  it('is spoken in another voice once the speaker wants one, in languages that come later, too', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    stage.speaker.setVoice({ kind: 'male', variant: 3 });
    await stage.speaker.setTargets([SPANISH, CATALAN], false);
    await stage.utter(1000);
    await eventually(() => stage.engine.voiceRequests.length === 2);
    const voices = stage.engine.voiceRequests.map(({ language, voice }) => `${language} ${voice}`);
    expect(voices.sort()).toEqual(['ca male-3', 'es male-3']);
  });

  it('is reported from its first word to its last sound, with the lag from the end of speech', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.utter(1000);
    await stage.nothing(1000);
    expect(stage.states().map(({ state }) => state)).toEqual(['interpreting', 'speaking', 'idle']);
    const lag = stage.states()[1]?.lagMs ?? 0;
    expect(lag).toBeGreaterThanOrEqual(500);
    expect(lag).toBeLessThan(620);
    const metrics = await stage.metrics.text({
      speakers: 0,
      speaking: 0,
      voices: 0,
      queues: {},
      stages: [],
    });
    for (const name of ['endpoint', 'recognise', 'voice', 'playout']) {
      expect(metrics).toContain(`parley_media_voice_stage_seconds_count{stage="${name}"} 1`);
    }
    expect(metrics).toContain('parley_media_voice_latency_seconds_count 1');
    for (const line of ['first', 'final']) {
      expect(metrics).toContain(`parley_media_caption_latency_seconds_count{line="${line}"} 1`);
    }
  });

  it('of one utterance does not hold up the recognition of the next', async () => {
    await open();
    const release = stage.engine.holdVoice();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.utter(800);
    await stage.utter(800);
    await eventually(() => stage.finals.length === 2);
    expect(stage.sent.voiced).toEqual([]);
    release();
    await stage.nothing(1000);
    expect(stage.finals.map(({ utterance }) => utterance)).toEqual([0, 1]);
    expect(stage.sent.voiced).toHaveLength(20);
  });

  it('is spoken after the one before, never over it', async () => {
    await open();
    stage.engine.voiceMs = () => 4000;
    await stage.speaker.setTargets([SPANISH], false);
    await stage.utter(600);
    await stage.utter(600);
    await stage.nothing(10_000);
    const times = stage.sent.voiced.map(({ at }) => at);
    expect(times).toHaveLength(400);
    expect(new Set(times).size).toBe(400);
  });

  it('that has waited too long is skipped, oldest first, and marked', async () => {
    await open({ voiceQueuePhrases: 1 });
    const release = stage.engine.holdVoice();
    await stage.speaker.setTargets([SPANISH], false);
    for (let utterance = 0; utterance < 4; utterance++) await stage.utter(600);
    await eventually(() => stage.finals.length === 6);
    release();
    await stage.nothing(1000);
    const unspoken = stage.finals.filter(({ translations }) => !translations[0]?.spoken);
    expect(unspoken.map(({ utterance }) => utterance)).toEqual([1, 2]);
    expect(
      await stage.metrics.text({ speakers: 0, speaking: 0, voices: 0, queues: {}, stages: [] }),
    ).toContain('dropped_total{stage="voice",reason="oldest-phrase"} 2');
    expect(stage.sent.voiced).toHaveLength(20);
  });
});

describe('changes during an utterance', () => {
  it('a language wanted meanwhile joins the utterance under way', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1200);
    await stage.speaker.setTargets([SPANISH, CATALAN], false);
    await stage.speak(800);
    await stage.pause(700);
    await stage.nothing(1000);
    expect(stage.finals[0]?.translations.map(({ language }) => language)).toEqual(['es', 'ca']);
    expect(stage.engine.voiceRequests.map(({ language }) => language).sort()).toEqual(['ca', 'es']);
    expect(stage.states('ca').map(({ state }) => state)).toEqual([
      'interpreting',
      'speaking',
      'idle',
    ]);
  });

  it('a language no longer wanted is captioned to the end, but not spoken', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1200);
    await stage.speaker.setTargets([CATALAN], false);
    await stage.utter(600);
    await stage.nothing(1000);
    expect(stage.finals[0]?.translations).toMatchObject([
      { language: 'es', spoken: false },
      { language: 'ca', spoken: true },
    ]);
    expect(stage.engine.voiceRequests.map(({ language }) => language)).toEqual(['ca']);
    expect(stage.states().at(-1)?.state).toBe('idle');
  });

  it('a voice no longer wanted falls silent at once', async () => {
    await open();
    stage.engine.voiceMs = () => 3000;
    await stage.speaker.setTargets([SPANISH], false);
    await stage.utter(800);
    await stage.nothing(500);
    const heard = stage.sent.voiced.length;
    expect(heard).toBeGreaterThan(0);
    await stage.speaker.setTargets([{ language: 'es' }], false);
    await stage.nothing(500);
    expect(stage.sent.voiced).toHaveLength(heard);
    expect(stage.states().at(-1)?.state).toBe('idle');
  });

  it('another language spoken ends the utterance; what follows is in the new one', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1000);
    stage.speaker.setLanguage('de');
    await stage.utter(1000);
    await eventually(() => stage.finals.length === 2);
    expect(stage.finals.map(({ source }) => source)).toEqual(['en', 'de']);
  });

  it('muting ends the utterance at once, and the next one starts when it starts', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1000);
    stage.speaker.setMuted(true);
    await eventually(() => stage.finals.length === 1);
    await stage.speak(3000);
    expect(stage.listening).toBe(false);
    stage.speaker.setMuted(false);
    const before = stage.clock.wall();
    await stage.utter(1000);
    await eventually(() => stage.finals.length === 2);
    expect(Math.abs((stage.finals[1]?.startedAt ?? 0) - before)).toBeLessThan(100);
  });

  it('letting go of the microphone waits for no silence: the end is recognised at once', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1000);
    const releasedAt = stage.clock.now();
    stage.speaker.setMuted(true);
    await eventually(() => stage.finals.length === 1);
    expect(stage.clock.now()).toBe(releasedAt);
    const metrics = await stage.metrics.text({
      speakers: 0,
      speaking: 0,
      voices: 0,
      queues: {},
      stages: [],
    });
    const [, endpoint] = /voice_stage_seconds_sum\{stage="endpoint"\} (\S+)/.exec(metrics) ?? [];
    expect(Number(endpoint)).toBeLessThan(0.1);
    await stage.nothing(200);
    expect(stage.states().map(({ state }) => state)).toContain('speaking');
  });

  it('what is quieter than the gate is not heard, and heard again without it', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    stage.speaker.setGate(-1);
    await stage.utter(1000);
    stage.speaker.setGate(null);
    await stage.utter(1000);
    await eventually(() => stage.finals.length === 1);
    expect(stage.finals.map(({ utterance }) => utterance)).toEqual([0]);
  });

  it('a stream that stops without a word ends the utterance', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1000);
    await stage.nothing(600);
    await eventually(() => stage.finals.length === 1);
    expect(stage.finals[0]?.gap).toBeUndefined();
  });

  it('closing ends everything: the sequence is abandoned, the line is finished, nothing is sent', async () => {
    await open();
    await stage.speaker.setTargets([SPANISH], false);
    await stage.speak(1200);
    const { sequence } = stage.engine.speechRequests[0] ?? {};
    await stage.speaker.close();
    const last = stage.engine.speechRequests.at(-1);
    expect(last).toMatchObject({ sequence, start: false, end: true, abandoned: true });
    expect(last?.audio).toHaveLength(0);
    expect(stage.captions.at(-1)).toMatchObject({ final: true, transcript: { tentative: '' } });
    expect(
      await stage.metrics.text({ speakers: 0, speaking: 0, voices: 0, queues: {}, stages: [] }),
    ).toContain('parley_media_utterances_total{outcome="abandoned"} 1');
    await stage.nothing(200);
    expect(stage.clock.pending).toBe(0);
    expect(stage.sent.voiced).toEqual([]);
  });
});
