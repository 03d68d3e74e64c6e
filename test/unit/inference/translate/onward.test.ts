import { beforeEach, describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import type { Translation } from '../../../../inference/protocol/task-models.ts';
import { Onward } from '../../../../inference/translate/onward.ts';
import { FakeTranslator } from '../../../support/fake-translator.ts';
import { eventually } from '../../../support/eventually.ts';

const never = new AbortController().signal;

let translator: FakeTranslator;
let onward: Onward;
let lost: number;

beforeEach(() => {
  translator = new FakeTranslator(['fr', 'uk']);
  lost = 0;
  onward = create();
});

function create(deadlineMs = 10_000): Onward {
  const onLost = () => {
    lost += 1;
  };
  return new Onward({ translator, deadlineMs, onLost });
}

const texts = () => translator.asked.map(({ text }) => text);

/** Tells what is committed so far until as much of it has come back. */
async function comes(target: string, english: string, committed: string): Promise<void> {
  await eventually(() => soFar(target, english).committed === committed);
}

const nothing: Translation = { committed: '', tentative: '' };
const soFar = (target: string, english: string): Translation =>
  onward.soFar([target], english)[0] ?? nothing;
const whole = async (target: string, english: string, signal = never): Promise<Translation> =>
  (await onward.whole([target], english, signal))[0] ?? nothing;

describe('English text on its way into another language', () => {
  it('is translated sentence by sentence while it grows, never the last one before the end', async () => {
    expect(soFar('fr', 'I was late.')).toEqual({ committed: '', tentative: '' });
    expect(texts()).toEqual([]);
    await comes('fr', 'I was late. The train', 'fr(I was late.)');
    await comes('fr', 'I was late. The train stood. So', 'fr(I was late.) fr(The train stood.)');
    const all = 'I was late. The train stood. So did we.';
    expect(await whole('fr', all)).toEqual({
      committed: 'fr(I was late.) fr(The train stood.) fr(So did we.)',
      tentative: '',
    });
    expect(texts()).toEqual(['I was late.', 'The train stood.', 'So did we.']);
  });

  it('never takes back what has been said, whatever comes when', async () => {
    const sentences = ['One is here.', 'Two came.', 'Three left.', 'Four.'];
    let said = '';
    for (let count = 1; count <= sentences.length; count += 1) {
      const { committed } = soFar('fr', sentences.slice(0, count).join(' '));
      expect(committed.startsWith(said)).toBe(true);
      said = committed;
    }
    const { committed } = await whole('fr', sentences.join(' '));
    expect(committed.startsWith(said)).toBe(true);
    for (const sentence of sentences) expect(committed).toContain(sentence);
  });

  it('goes into all languages at once, and into one that comes later by itself', async () => {
    const both = ['fr', 'uk'];
    await eventually(() =>
      onward.soFar(both, 'One. Two').every(({ committed }) => committed !== ''),
    );
    const [first, second, third] = await onward.whole([...both, 'ca'], 'One. Two.', never);
    expect(first?.committed).toBe('fr(One.) fr(Two.)');
    expect(second?.committed).toBe('uk(One.) uk(Two.)');
    expect(third?.committed).toBe('ca(One. Two.)');
    expect(translator.asked.map(({ text, targets }) => [text, ...targets])).toEqual([
      ['One.', 'fr', 'uk'],
      ['Two.', 'fr', 'uk'],
      ['One. Two.', 'ca'],
    ]);
  });

  it('keeps nobody waiting before the end', async () => {
    const release = translator.hold();
    for (const english of ['One. Two', 'One. Two. Three', 'One. Two. Three. Four']) {
      expect(soFar('fr', english).committed).toBe('');
    }
    expect(texts()).toEqual(['One.']);
    const all = whole('fr', 'One. Two. Three. Four.');
    release();
    expect((await all).committed).toBe('fr(One.) fr(Two. Three. Four.)');
  });

  it('is nothing where nothing was said', async () => {
    expect(await whole('fr', '')).toEqual({ committed: '', tentative: '' });
    expect(texts()).toEqual([]);
  });
});

describe('a translator that fails', () => {
  const failure = new InferenceError('failed', 'out of memory');

  it('is asked again with the next part', async () => {
    translator.fail(failure);
    soFar('fr', 'One. Two');
    await comes('fr', 'One. Two', 'fr(One.)');
    expect(texts()).toEqual(['One.', 'One.']);
    expect(lost).toBe(0);
  });

  it('loses the translation at the end, and says so', async () => {
    translator.fail(failure);
    expect(await whole('fr', 'One.')).toEqual({
      ...{ committed: '', tentative: '' },
      lost: true,
    });
    expect(lost).toBe(1);
  });

  it('that takes too long loses what it has not done, and is let go', async () => {
    onward = create(20);
    await comes('fr', 'One. Two', 'fr(One.)');
    const release = translator.hold();
    expect(await whole('fr', 'One. Two.')).toEqual({
      ...{ committed: 'fr(One.)', tentative: '' },
      lost: true,
    });
    release();
    expect(lost).toBe(1);
  });

  it('is not blamed for a mistake of ours', async () => {
    translator.fail(new TypeError('a bug'));
    await expect(whole('fr', 'One.')).rejects.toThrow('a bug');
  });

  it('is let go when the utterance is given up, and the reason is the asker’s', async () => {
    translator.hold();
    const asker = new AbortController();
    const all = whole('fr', 'One.', asker.signal);
    await eventually(() => texts().length === 1);
    asker.abort(new Error('left'));
    onward.close();
    await expect(all).rejects.toThrow('left');
    expect(lost).toBe(0);
  });
});
