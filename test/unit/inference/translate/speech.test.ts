import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../../../../inference/metrics.ts';
import type { SpeechRequest } from '../../../../inference/protocol/task-models.ts';
import type { Task } from '../../../../inference/translate/canary.ts';
import { LogMel } from '../../../../inference/translate/mel.ts';
import { Prompts } from '../../../../inference/translate/prompt.ts';
import { CanarySpeech } from '../../../../inference/translate/speech.ts';
import { Vocabulary } from '../../../../inference/translate/vocabulary.ts';
import { ToyReader } from '../../../support/canary-graphs.ts';
import { toyFiles, ToyModel, toyScript, toyVocabulary } from '../../../support/canary-model.ts';
import { canaryOptions } from '../../../support/canary-options.ts';
import { ScriptedRecogniser } from '../../../support/canary-recogniser.ts';
import { eventually } from '../../../support/eventually.ts';
import { descendants } from '../../../support/processes.ts';
import { sentence } from '../../../support/speech.ts';

const log = pino({ level: 'silent' });
const never = new AbortController().signal;
const SECOND = 16_000;

const vocabulary = Vocabulary.parse(toyVocabulary('v2'));
/** Tokens that begin a word, of which none is followed by a part. */
const WORDS = Array.from({ length: 120 }, (_, at) => 1108 + at).filter((id) => id % 3 !== 0);
const words = (from: number, to: number) => WORDS.slice(from, to);
const text = (tokens: readonly number[]) => vocabulary.text(tokens);
/** Two words for every second heard, the last still uncertain: it changes with every part. */
const growing = ({ audio }: Task) => {
  const heard = Math.floor((2 * audio.length) / SECOND);
  return [...words(0, heard), WORDS[40 + (heard % 20)] ?? 0];
};

async function stage(
  write: (task: Task, text: Task['texts'][number]) => readonly number[] = growing,
  { isHeld = false, openUtterances = 2 } = {},
) {
  const model = await ToyModel.create(toyFiles('v2'));
  const recogniser = new ScriptedRecogniser(write, isHeld);
  const metrics = new InferenceMetrics();
  const time = { now: 0 };
  const speech = await CanarySpeech.create({
    options: { ...canaryOptions(model.directory), openUtterances },
    log,
    metrics,
    recogniser,
    now: () => time.now,
  });
  let next = 0;
  /** Says an utterance in parts of half a second, each when it has been spoken. */
  const say = async (part: Partial<SpeechRequest>) => {
    const request = { sequence: 1, start: false, end: false, source: 'en', targets: ['de'] };
    const audio = new Float32Array(SECOND / 2).fill(0.1);
    time.now += 500;
    next += 1;
    return speech.speech({ audio, ...request, start: next === 1, ...part }, never);
  };
  return {
    speech,
    say,
    recogniser,
    metrics,
    time,
    async [Symbol.asyncDispose]() {
      await speech.close();
      await model[Symbol.asyncDispose]();
    },
  };
}

describe('an utterance that is being spoken', () => {
  it('is read again at most once a second, from all that was heard', async () => {
    await using toy = await stage();
    for (let part = 0; part < 6; part += 1) await toy.say({});
    expect(toy.recogniser.batches.map(({ tasks }) => tasks[0]?.audio.length)).toEqual(
      [1, 2, 3].map((seconds) => seconds * SECOND),
    );
  });

  it('has its agreed words committed, given to the next reading, and never taken back', async () => {
    await using toy = await stage();
    let committed = '';
    for (let part = 1; part <= 8; part += 1) {
      const { translations } = await toy.say({});
      const [german] = translations;
      expect(german?.committed.startsWith(committed)).toBe(true);
      committed = german?.committed ?? '';
    }
    // Of the readings after three and four seconds the first six words agree.
    expect(committed).toBe(text(words(0, 6)));
    const prefixes = toy.recogniser.batches.map(({ tasks }) => tasks[0]?.texts[1]?.prefix);
    expect(prefixes).toEqual([[], [], words(0, 2), words(0, 4)]);
    const end = await toy.say({ end: true });
    expect(end.translations).toEqual([
      {
        committed: text(growing({ audio: new Float32Array(4.5 * SECOND), texts: [] })),
        tentative: '',
      },
    ]);
    expect(end.transcript.tentative).toBe('');
    expect(end.logprob).toBe(-0.5);
  });

  it('has what is uncertain as tentative text, right after the committed', async () => {
    await using toy = await stage();
    for (let part = 0; part < 3; part += 1) await toy.say({});
    const { translations, transcript } = await toy.say({});
    const whole = text(growing({ audio: new Float32Array(2 * SECOND), texts: [] }));
    for (const said of [transcript, ...translations]) {
      expect(`${said.committed} ${said.tentative}`).toBe(whole);
    }
  });

  it('can be wanted in more languages and in fewer as it goes on', async () => {
    await using toy = await stage();
    await toy.say({ targets: [] });
    await toy.say({ targets: ['de', 'fr'] });
    const { translations } = await toy.say({ targets: ['uk'], end: true });
    expect(translations).toHaveLength(1);
    const prompts = new Prompts(vocabulary, 'v2');
    expect(
      toy.recogniser.batches.map(({ tasks }) => tasks[0]?.texts.map(({ prompt }) => prompt)),
    ).toEqual([
      ['en', 'de', 'fr'].map((target) => prompts.of('en', target)),
      ['en', 'uk'].map((target) => prompts.of('en', target)),
    ]);
  });

  it('is not read when it is abandoned, and counted', async () => {
    await using toy = await stage();
    await toy.say({});
    const last = { end: true, audio: new Float32Array(0), targets: [], abandoned: true };
    const nothing = {
      transcript: { committed: '', tentative: '' },
      translations: [],
      logprob: 0,
    };
    expect(await toy.say(last)).toEqual(nothing);
    expect(await toy.say(last), 'once more').toEqual(nothing);
    expect(toy.recogniser.batches).toHaveLength(0);
    const { values } = await toy.metrics.dropped.get();
    expect(values).toMatchObject([
      { labels: { queue: 'utterances', reason: 'abandoned' }, value: 1 },
    ]);
  });

  it('of someone who has another waiting lets go first who came later', async () => {
    await using toy = await stage(growing, { isHeld: true, openUtterances: 4 });
    const whole = { start: true, end: true, source: 'en', targets: ['de'] };
    const audio = (seconds: number) => new Float32Array(seconds * SECOND).fill(0.1);
    const say = (sequence: number, speaker: string, seconds: number) =>
      toy.speech.speech({ ...whole, sequence, speaker, audio: audio(seconds) }, never);
    // Lengths that are not heard together; each tells whose turn it is.
    const said = [say(1, 'ann', 2), say(2, 'ann', 4), say(3, 'ann', 8), say(4, 'bob', 16)];
    for (let at = 0; at < said.length; at += 1) {
      await eventually(() => toy.recogniser.batches.length > at);
      toy.recogniser.batches[at]?.finish();
    }
    await Promise.all(said);
    const seconds = toy.recogniser.batches.map(({ tasks }) =>
      tasks.map(({ audio: heard }) => heard.length / SECOND),
    );
    expect(seconds).toEqual([[2], [4], [16], [8]]);
  });

  it('is read to its end when its last part brings no audio', async () => {
    await using toy = await stage();
    await toy.say({});
    const end = await toy.say({ end: true, audio: new Float32Array(0) });
    expect(end.translations[0]?.committed).not.toBe('');
    expect(toy.recogniser.batches).toHaveLength(1);
  });

  it('of which nothing is understood is an empty text', async () => {
    await using toy = await stage(() => []);
    const end = await toy.say({ end: true });
    expect(end.transcript).toEqual({ committed: '', tentative: '' });
  });
});

describe('bad input is an error of that call alone', () => {
  const good = { source: 'en', targets: ['de'], audio: new Float32Array(SECOND) };

  it.each([
    ['no audio at all', { audio: new Float32Array(0) }, 'the utterance has no audio'],
    ['samples that are no numbers', { audio: Float32Array.of(0, Number.NaN) }, 'no numbers'],
    ['an infinite sample', { audio: Float32Array.of(0, Number.POSITIVE_INFINITY) }, 'no numbers'],
    ['a minute of audio', { audio: new Float32Array(60 * SECOND) }, 'longer than 40000 ms'],
    ['an unknown language', { source: 'tlh' }, "'tlh'"],
    ['an unknown target', { targets: ['de', 'xx'] }, "'xx'"],
    ['a pair that is not translated', { source: 'de', targets: ['fr'] }, "'fr'"],
  ])('%s', async (_, bad, message) => {
    await using toy = await stage();
    const whole = { ...good, start: true, end: true };
    const failing = toy.speech.speech({ sequence: 7, ...whole, ...bad }, never);
    await expect(failing).rejects.toMatchObject({ code: 'badRequest' });
    await expect(failing).rejects.toThrow(message);
    const next = await toy.speech.speech({ sequence: 8, ...whole }, never);
    expect(next.translations[0]?.committed).not.toBe('');
  });

  it('too many at once', async () => {
    await using toy = await stage();
    const open = async (sequence: number) =>
      toy.speech.speech({ sequence, ...good, start: true, end: false }, never);
    await open(1);
    await open(2);
    await expect(open(3)).rejects.toMatchObject({ code: 'overloaded' });
    await toy.speech.speech({ sequence: 1, ...good, start: false, end: true }, never);
    await open(3);
  });

  it('a directory without a model', async () => {
    const options = canaryOptions('/nowhere');
    const creating = CanarySpeech.create({ options, log, metrics: new InferenceMetrics() });
    await expect(creating).rejects.toThrow('/nowhere: the model directory cannot be read');
  });
});

describe('Canary in its own process', { timeout: 60_000 }, () => {
  const audio = sentence('0890').audio.subarray(0, 3 * SECOND);
  const prompts = new Prompts(vocabulary, 'v2');
  const reader = new ToyReader(toyScript('v2'));
  const expected = (target: string) =>
    text(reader.text(prompts.of('en', target), reader.heard(new LogMel().features(audio))));

  it('understands what is said, part by part', async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    const metrics = new InferenceMetrics();
    const options = { ...canaryOptions(model.directory), rereadMs: 1 };
    await using speech = await CanarySpeech.create({ options, log, metrics });
    await eventually(() => speech.ready());
    const whole = { sequence: 1, start: true, end: true, source: 'en-GB', targets: ['de', 'fr'] };
    const said = await speech.speech({ ...whole, audio }, never);
    expect(said).toEqual({
      transcript: { committed: expected('en'), tentative: '' },
      translations: ['de', 'fr'].map((target) => ({ committed: expected(target), tentative: '' })),
      logprob: -0.25,
    });
    let committed = '';
    for (let part = 0; part < 6; part += 1) {
      const samples = audio.subarray((part * SECOND) / 2, ((part + 1) * SECOND) / 2);
      const request = { ...whole, sequence: 2, start: part === 0, end: part === 5 };
      const { translations } = await speech.speech({ ...request, audio: samples }, never);
      expect(translations[0]?.committed.startsWith(committed)).toBe(true);
      committed = translations[0]?.committed ?? '';
    }
    expect(committed).not.toBe('');
  });

  it('is started again when it dies, and does once more what it was asked', async () => {
    await using model = await ToyModel.create(toyFiles('v2', { kind: 'never' }));
    const metrics = new InferenceMetrics();
    const options = canaryOptions(model.directory);
    await using speech = await CanarySpeech.create({ options, log, metrics });
    await eventually(() => speech.ready());
    const canary = descendants(process.pid).find(({ command }) =>
      command.includes(model.directory),
    );
    if (!canary) throw new Error('no process of its own');
    const whole = { sequence: 1, start: true, end: true, source: 'en', targets: ['de'] };
    const asked = speech.speech({ ...whole, audio }, never);
    process.kill(canary.pid, 'SIGKILL');
    const said = await asked;
    const endless = new ToyReader(toyScript('v2', { kind: 'never' }));
    const heard = endless.heard(new LogMel().features(audio));
    expect(said.translations[0]?.committed).toBe(
      text(endless.text(prompts.of('en', 'de'), heard, { most: 38 + 50 })),
    );
    const { values } = await metrics.restarts.get();
    expect(values).toMatchObject([{ labels: { program: 'canary' }, value: 1 }]);
  });

  it('that cannot load its model is never ready, and says so at each request', async () => {
    const files = toyFiles('v2');
    files.set('decoder-model.int8.onnx', 'not a graph');
    await using model = await ToyModel.create(files);
    const options = { ...canaryOptions(model.directory), patienceMs: 50 };
    const metrics = new InferenceMetrics();
    await using speech = await CanarySpeech.create({ options, log, metrics });
    const whole = { sequence: 1, start: true, end: true, source: 'en', targets: ['de'] };
    await expect(speech.speech({ ...whole, audio }, never)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(speech.ready()).toBe(false);
  });
});
