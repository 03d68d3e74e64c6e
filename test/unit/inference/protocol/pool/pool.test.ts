import { describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../../inference/protocol/inference-error.ts';
import type { InferencePool } from '../../../../../inference/protocol/pool/pool.ts';
import type { SpeechRequest } from '../../../../../inference/protocol/task-models.ts';
import { FakeEndpoint, listening, poolOf, WORD_SAMPLES } from '../../../../support/endpoints.ts';
import { eventually } from '../../../../support/eventually.ts';

/** One word of an utterance. */
const word = (part: Partial<SpeechRequest> = {}): SpeechRequest => ({
  ...{ sequence: 1, start: false, end: false, source: 'en', targets: ['es'] },
  audio: new Float32Array(WORD_SAMPLES).fill(0.1),
  ...part,
});
const first = (part: Partial<SpeechRequest> = {}) => word({ start: true, ...part });
const last = (part: Partial<SpeechRequest> = {}) => word({ end: true, ...part });
const phrase = { text: 'hola', language: 'es', voice: 'female-0' };

const samplesOf = ({ engine }: FakeEndpoint): number[] =>
  engine.speechRequests.map(({ audio }) => audio.length / WORD_SAMPLES);
const stateOf = (pool: InferencePool, index = 0) => pool.figures[index]?.state;

/** The two in the order of which is in the middle of an utterance. */
function byUse(pool: InferencePool, one: FakeEndpoint, other: FakeEndpoint) {
  const isOne = pool.figures[0]?.utterances === 1;
  return isOne ? ([one, other] as const) : ([other, one] as const);
}

describe('an utterance', () => {
  it('stays where it was begun', async () => {
    await using one = await FakeEndpoint.start();
    await using other = await FakeEndpoint.start();
    await using pool = await poolOf([one, other]);
    await pool.speech(first());
    const [chosen, idle] = byUse(pool, one, other);
    for (let part = 0; part < 5; part += 1) await pool.speech(word());
    const { transcript } = await pool.speech(last());
    expect(transcript.committed).toBe('one two three four five six seven');
    expect([samplesOf(chosen).length, samplesOf(idle).length]).toEqual([7, 0]);
    expect(pool.figures.map(({ utterances }) => utterances)).toEqual([0, 0]);
  });

  it('whose endpoint is killed is heard by another, which is given everything so far at once', async () => {
    await using one = await FakeEndpoint.start();
    await using other = await FakeEndpoint.start();
    await using pool = await poolOf([one, other]);
    await pool.speech(first());
    await pool.speech(word());
    const [dies, lives] = byUse(pool, one, other);
    await dies.kill();
    const { transcript } = await pool.speech(word());
    expect(transcript).toEqual({ committed: 'one', tentative: 'two three' });
    await pool.speech(word());
    const { translations } = await pool.speech(last());
    expect(translations).toEqual([{ committed: 'one two three four five', tentative: '' }]);
    expect(samplesOf(lives)).toEqual([3, 1, 1]);
    expect(pool.figures.map(({ failovers }) => failovers).sort()).toEqual([0, 1]);
  });

  it('keeps the words that were told where another endpoint hears it differently', async () => {
    await using one = await FakeEndpoint.start();
    await using other = await FakeEndpoint.start();
    await using pool = await poolOf([one, other]);
    for (const start of [true, false, false]) await pool.speech(word({ start }));
    const [dies, lives] = byUse(pool, one, other);
    lives.engine.recognise = listening(['one', 'too', 'free', 'for', 'five']);
    await dies.kill();
    const told: string[] = [];
    for (const end of [false, true]) {
      const { transcript } = await pool.speech(word({ end }));
      told.push(transcript.committed);
    }
    expect(told).toEqual(['one two', 'one two free for five']);
  });

  it('is taken over once, and then reported as it is', async () => {
    await using one = await FakeEndpoint.start();
    await using other = await FakeEndpoint.start();
    await using pool = await poolOf([one, other]);
    await pool.speech(first());
    await one.kill();
    await other.kill();
    await expect(pool.speech(last())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(pool.speech(last())).rejects.toMatchObject({ code: 'badRequest' });
  });

  it('goes on elsewhere where an endpoint answers too late', async () => {
    await using one = await FakeEndpoint.start();
    await using other = await FakeEndpoint.start();
    const patienceMs = { speech: 300, voice: 300, text: 300, language: 300 };
    await using pool = await poolOf([one, other], { patienceMs });
    await pool.speech(first());
    const [slow, quick] = byUse(pool, one, other);
    slow.engine.holdSpeech();
    const late = await pool.speech(last());
    expect(late.transcript.committed).toBe('one two');
    expect(samplesOf(quick)).toEqual([2]);
  });

  it('is given anew, once, to an address that stands for several and has lost it', async () => {
    await using one = await FakeEndpoint.start();
    await using pool = await poolOf([one]);
    await pool.speech(first());
    const lost = new InferenceError('badRequest', 'sequence 1 has not been started');
    one.engine.failSpeech(lost);
    const { transcript } = await pool.speech(word());
    expect(transcript).toEqual({ committed: 'one', tentative: 'two' });
    expect(samplesOf(one)).toEqual([1, 1, 2]);
    one.engine.failSpeech(lost);
    await expect(pool.speech(last())).rejects.toMatchObject({ code: 'badRequest' });
  });

  it('that is no longer wanted is ended where it was, and forgotten when nothing comes', async () => {
    await using one = await FakeEndpoint.start();
    await using pool = await poolOf([one], { idleMs: 100 });
    await pool.speech(first());
    await pool.speech(last({ abandoned: true, audio: new Float32Array(0), targets: [] }));
    await eventually(() => one.engine.speechRequests.at(-1)?.abandoned === true);
    await pool.speech(first({ sequence: 2 }));
    expect(pool.figures[0]?.utterances).toBe(1);
    await eventually(() => pool.figures[0]?.utterances === 0);
    await expect(pool.speech(last({ sequence: 2 }))).rejects.toMatchObject({ code: 'badRequest' });
  });

  it('ends with its asker, and with the pool', async () => {
    await using one = await FakeEndpoint.start();
    const pool = await poolOf([one]);
    one.engine.holdSpeech();
    const asker = new AbortController();
    const given = pool.speech(first(), asker.signal);
    await eventually(() => one.engine.speechRequests.length === 1);
    asker.abort(new Error('gone'));
    await expect(given).rejects.toThrow('gone');
    const running = pool.speech(first({ sequence: 2 }));
    await eventually(() => one.engine.speechRequests.length === 2);
    const ended = expect(running).rejects.toMatchObject({ code: 'unavailable' });
    await pool.close();
    await ended;
  });
});

describe('a piece of work', () => {
  it('goes less often to an endpoint that is slow', async () => {
    await using quick = await FakeEndpoint.start();
    await using slow = await FakeEndpoint.start();
    await using pool = await poolOf([quick, slow]);
    const voice = slow.models.voice.bind(slow.models);
    slow.models.voice = async (request, signal) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return voice(request, signal);
    };
    for (let round = 0; round < 8; round += 1) {
      await Promise.all(Array.from({ length: 4 }, () => pool.voice(phrase)));
    }
    const [most = 0, least = 0] = pool.figures.map(({ outcomes }) => outcomes['ok'] ?? 0);
    expect(most + least).toBe(32);
    expect(least).toBeGreaterThan(0);
    expect(least).toBeLessThan(most);
  });

  it('is done by another where one is full or gone, and says so where all are', async () => {
    await using one = await FakeEndpoint.start();
    await using other = await FakeEndpoint.start();
    await using pool = await poolOf([one, other]);
    const full = new InferenceError('overloaded', 'too many texts are waiting');
    one.engine.voiceFault = full;
    for (let round = 0; round < 6; round += 1) await pool.voice(phrase);
    expect(other.engine.voiceRequests).toHaveLength(6);
    other.engine.voiceFault = full;
    await expect(pool.voice(phrase)).rejects.toMatchObject({ code: 'overloaded' });
    one.engine.voiceFault = undefined;
    await other.kill();
    for (let round = 0; round < 6; round += 1) await pool.voice(phrase);
  });

  it('waits where an endpoint has enough to do, and is refused where too many wait', async () => {
    await using one = await FakeEndpoint.start();
    await using pool = await poolOf([one], { concurrency: 2, queue: 1 });
    const release = one.engine.holdVoice();
    const running = [pool.voice(phrase), pool.voice(phrase)];
    const waiting = pool.voice(phrase);
    await eventually(() => one.engine.voiceRequests.length === 2);
    expect(pool.figures[0]).toMatchObject({ inFlight: 2, waiting: 1 });
    await expect(pool.voice(phrase)).rejects.toMatchObject({ code: 'overloaded' });
    release();
    await Promise.all([...running, waiting]);
    expect(one.engine.voiceRequests).toHaveLength(3);
  });

  it('that waits is let go with its asker', async () => {
    await using one = await FakeEndpoint.start();
    await using pool = await poolOf([one], { concurrency: 1, queue: 4 });
    const release = one.engine.holdVoice();
    const running = pool.voice(phrase);
    const asker = new AbortController();
    const waiting = pool.voice(phrase, asker.signal);
    asker.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    release();
    await running;
    expect(one.engine.voiceRequests).toHaveLength(1);
  });
});

describe('an endpoint', () => {
  it('that fails again and again is left alone, then tried with one request, then used', async () => {
    await using bad = await FakeEndpoint.start();
    await using pool = await poolOf([bad], { breakAfter: 3, breakMs: 200 });
    bad.engine.voiceFault = new InferenceError('failed', 'the model failed');
    for (let round = 0; round < 3; round += 1) {
      await expect(pool.voice(phrase)).rejects.toMatchObject({ code: 'failed' });
    }
    expect(stateOf(pool)).toBe('broken');
    await expect(pool.voice(phrase)).rejects.toMatchObject({ code: 'unavailable' });
    expect(bad.engine.voiceRequests).toHaveLength(3);

    while (bad.engine.voiceRequests.length < 4) {
      await expect(pool.voice(phrase)).rejects.toThrow(InferenceError);
    }
    expect(bad.engine.voiceRequests).toHaveLength(4);
    expect(stateOf(pool)).toBe('broken');

    bad.engine.voiceFault = undefined;
    const release = bad.engine.holdVoice();
    const trying: Promise<unknown>[] = [];
    await eventually(() => {
      if (stateOf(pool) === 'broken') trying.push(pool.voice(phrase).catch(() => undefined));
      return bad.engine.voiceRequests.length === 5;
    });
    expect(stateOf(pool)).toBe('tried');
    await expect(pool.voice(phrase)).rejects.toMatchObject({ code: 'unavailable' });
    release();
    await Promise.all(trying);
    expect(stateOf(pool)).toBe('ready');
    await pool.voice(phrase);
  });

  it('is not blamed for requests that are wrong, or for being busy', async () => {
    await using one = await FakeEndpoint.start();
    await using pool = await poolOf([one], { breakAfter: 2 });
    for (const code of ['badRequest', 'overloaded'] as const) {
      one.engine.voiceFault = new InferenceError(code, 'no');
      for (let round = 0; round < 4; round += 1) {
        await expect(pool.voice(phrase)).rejects.toMatchObject({ code });
      }
    }
    expect(stateOf(pool)).toBe('ready');
    expect(pool.figures[0]?.outcomes).toEqual({ badRequest: 4, overloaded: 4 });
  });

  it('that comes back is used again', async () => {
    await using one = await FakeEndpoint.start();
    await using pool = await poolOf([one]);
    await one.kill();
    await eventually(() => stateOf(pool) === 'silent');
    expect(await pool.ready()).toBe(false);
    await expect(pool.languages()).rejects.toMatchObject({ code: 'unavailable' });
    await one.revive();
    await eventually(() => stateOf(pool) === 'ready');
    expect(await pool.ready()).toBe(true);
    await pool.voice(phrase);
  });

  it('that is not ready gets nothing new and may finish what it has begun', async () => {
    await using one = await FakeEndpoint.start();
    await using other = await FakeEndpoint.start();
    await using pool = await poolOf([one, other]);
    await pool.speech(first());
    const [leaving, staying] = byUse(pool, one, other);
    leaving.engine.isReady = false;
    await eventually(() => pool.figures.some(({ state }) => state === 'unready'));
    await pool.speech(first({ sequence: 2 }));
    await pool.speech(last({ sequence: 2 }));
    await pool.speech(last());
    expect([samplesOf(leaving).length, samplesOf(staying).length]).toEqual([2, 2]);
  });

  it('of this machine is used while no other can be, and followed when it moves', async () => {
    await using remote = await FakeEndpoint.start();
    await using local = await FakeEndpoint.start();
    await using moved = await FakeEndpoint.start();
    await using pool = await poolOf([remote], { fallback: local });
    for (let round = 0; round < 4; round += 1) await pool.voice(phrase);
    expect(local.engine.voiceRequests).toHaveLength(0);
    await remote.kill();
    await pool.voice(phrase);
    expect(local.engine.voiceRequests).toHaveLength(1);
    pool.follow(moved.url);
    await eventually(() => stateOf(pool, 1) === 'ready');
    await pool.voice(phrase);
    expect(moved.engine.voiceRequests).toHaveLength(1);
    await remote.revive();
    await eventually(() => stateOf(pool) === 'ready');
    await pool.voice(phrase);
    expect(remote.engine.voiceRequests).toHaveLength(5);
  });
});

describe('endpoints with different languages', () => {
  const pairs = (...targets: string[]) => targets.map((target) => ({ source: 'en', target }));

  it('offer what they can do together', async () => {
    await using one = await FakeEndpoint.start({
      pairs: [{ source: 'de', target: 'es', via: 'en' }, ...pairs('es')],
      recognises: ['de', 'en'],
      identifies: ['de', 'en'],
    });
    await using other = await FakeEndpoint.start({
      engine: 'canary',
      pairs: [{ source: 'de', target: 'es' }, ...pairs('es', 'fr')],
      texts: pairs('fr'),
    });
    await using pool = await poolOf([one, other]);
    expect(await pool.languages()).toEqual({
      engine: 'fake, canary',
      recognises: ['de', 'en'],
      pairs: [{ source: 'de', target: 'es' }, ...pairs('es', 'fr')],
      texts: pairs('fr'),
      identifies: ['de', 'en'],
    });
    const silence = { audio: new Float32Array(WORD_SAMPLES), among: ['de'] };
    for (let round = 0; round < 5; round += 1) await pool.identify(silence);
    expect(one.engine.identifications).toHaveLength(5);
    for (let round = 0; round < 5; round += 1) {
      await pool.text({ text: 'hello', source: 'en', targets: ['fr', 'en-GB'] });
    }
    expect(other.engine.textRequests).toHaveLength(5);
  });

  it('are asked for what they know: one utterance of several, each for its targets', async () => {
    await using one = await FakeEndpoint.start({ pairs: pairs('es', 'ca') });
    await using other = await FakeEndpoint.start({ pairs: pairs('es', 'fr') });
    await using pool = await poolOf([one, other]);
    other.engine.recognise = listening(['un', 'deux', 'trois']);
    await pool.speech(first({ targets: ['ca'] }));
    const { transcript, translations } = await pool.speech(
      last({ targets: ['ca', 'fr-CA', 'es', 'eo'] }),
    );
    expect(transcript.committed).toBe('one two');
    expect(translations.map(({ committed, lost }) => (lost ? 'lost' : committed))).toEqual([
      'one two',
      'un deux',
      'one two',
      'lost',
    ]);
    expect(one.engine.speechRequests.map(({ targets }) => targets)).toEqual([['ca'], ['ca', 'es']]);
    expect(other.engine.speechRequests).toMatchObject([{ start: true, targets: ['fr-CA'] }]);
    expect(samplesOf(other)).toEqual([2]);
    expect(pool.figures.map(({ utterances }) => utterances)).toEqual([0, 0]);
  });

  it('lose a translation alone where the endpoint that makes it fails', async () => {
    await using one = await FakeEndpoint.start({ pairs: pairs('es') });
    await using other = await FakeEndpoint.start({ pairs: pairs('fr') });
    await using pool = await poolOf([one, other]);
    await pool.speech(first({ targets: ['es'] }));
    await pool.speech(word({ targets: ['es', 'fr'] }));
    await other.kill();
    await pool.speech(word({ targets: ['es', 'fr'] }));
    const { translations } = await pool.speech(last({ targets: ['es', 'fr'] }));
    expect(translations).toEqual([
      { committed: 'one two three four', tentative: '' },
      { committed: '', tentative: '', lost: true },
    ]);
  });

  it('refuse what none of them knows', async () => {
    await using one = await FakeEndpoint.start();
    await using pool = await poolOf([one]);
    one.engine.failSpeech(new InferenceError('badRequest', `speech in 'eo' is not recognised`));
    const refused = pool.speech(first({ source: 'eo' }));
    await expect(refused).rejects.toMatchObject({ code: 'badRequest' });
  });
});
