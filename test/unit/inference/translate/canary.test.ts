import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Canary, type CanaryParts } from '../../../../inference/translate/canary.ts';
import { atLeastASecond, LogMel } from '../../../../inference/translate/mel.ts';
import { openGraph } from '../../../../inference/onnx/graph.ts';
import type { Graph } from '../../../../inference/onnx/graph.ts';
import { TOY_LOGPROB, ToyReader, type ToyScript } from '../../../support/canary-graphs.ts';
import { FIRST_TEXT, toyFiles, ToyModel, toyScript } from '../../../support/canary-model.ts';
import { sentence } from '../../../support/speech.ts';

const log = pino({ level: 'silent' });
const never = new AbortController().signal;

/** A v2 prompt: from `source`, by its number in the vocabulary, into `target`. */
const prompt = (source: number, target: number) => [
  FIRST_TEXT, 7, 4, 16, source, target, 5, 9, 11, 13,
]; // prettier-ignore
const [EN, DE, FR, RU, UK] = [64, 78, 71, 157, 192];

const speech = sentence('0880').audio.subarray(0, 48_000);
const other = sentence('0930').audio.subarray(8000, 42_000);

const heard = (reader: ToyReader, audio: Float32Array) =>
  reader.heard(new LogMel().features(atLeastASecond(audio)));

/** A toy model, what it must write, and what its decoder was fed. */
async function stage(changes: Partial<ToyScript> = {}, parts: Partial<CanaryParts> = {}) {
  const model = await ToyModel.create(toyFiles('v2', changes));
  const fed: { ids: readonly number[]; rows: number; past: number; listened: number }[] = [];
  const runs = { encoder: 0 };
  const open: CanaryParts['open'] = async (path, options, edit) => {
    const graph = await openGraph(path, options, edit);
    const run: Graph['run'] = (feeds) => {
      const { input_ids: ids, encoder_embeddings: heard, decoder_mems: mems } = feeds;
      if (ids && heard && mems) {
        fed.push({
          ids: ids.data instanceof BigInt64Array ? Array.from(ids.data, Number) : [],
          rows: ids.dims[0] ?? 0,
          past: mems.dims[2] ?? 0,
          listened: heard.dims[0] ?? 0,
        });
      } else runs.encoder += 1;
      return graph.run(feeds);
    };
    return { ...graph, run };
  };
  const { directory } = model;
  const canary = await Canary.create({ directory, device: 'cpu', threads: 1, log, open, ...parts });
  fed.length = 0;
  runs.encoder = 0;
  const reader = new ToyReader(toyScript('v2', changes));
  return {
    canary,
    reader,
    fed,
    runs,
    async [Symbol.asyncDispose]() {
      await canary[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

const text = (own: readonly number[], prefix: readonly number[] = []) => ({ prompt: own, prefix });

describe('an utterance', () => {
  it('is written as the graphs have it', async () => {
    await using toy = await stage();
    const { texts } = await toy.canary.recognise(
      [{ audio: speech, texts: [text(prompt(DE, EN))] }],
      never,
    );
    const expected = toy.reader.text(prompt(DE, EN), heard(toy.reader, speech));
    expect(expected.length).toBeGreaterThan(3);
    expect(texts).toEqual([[{ tokens: expected, logprob: TOY_LOGPROB, ending: 'end' }]]);
  });

  it('is heard once, and its prompt is given at once, then one token at a time', async () => {
    await using toy = await stage();
    const { texts } = await toy.canary.recognise(
      [{ audio: speech, texts: [text(prompt(EN, FR))] }],
      never,
    );
    const written = texts[0]?.[0]?.tokens ?? [];
    expect(toy.runs.encoder).toBe(1);
    expect(toy.fed.map(({ ids }) => ids)).toEqual([prompt(EN, FR), ...written.map((id) => [id])]);
    expect(toy.fed.map(({ past }) => past)).toEqual([0, ...written.map((_, at) => 10 + at)]);
  });

  it('is another in another language, after another prompt, or with other sound', async () => {
    await using toy = await stage();
    const write = async (audio: Float32Array, own: readonly number[]) => {
      const { texts } = await toy.canary.recognise([{ audio, texts: [text(own)] }], never);
      return texts[0]?.[0]?.tokens;
    };
    const swapped = prompt(EN, DE).toSpliced(4, 2, DE, EN);
    const all = await Promise.all([
      write(speech, prompt(EN, DE)),
      write(speech, prompt(EN, FR)),
      write(speech, swapped),
      write(other, prompt(EN, DE)),
    ]);
    expect(new Set(all.map(String)).size).toBe(4);
  });

  it('of less than a second is heard with silence around it', async () => {
    await using toy = await stage();
    const short = speech.subarray(4000, 12_000);
    const { texts } = await toy.canary.recognise(
      [{ audio: short, texts: [text(prompt(EN, EN))] }],
      never,
    );
    expect(texts[0]?.[0]?.tokens).toEqual(
      toy.reader.text(prompt(EN, EN), heard(toy.reader, short)),
    );
  });
});

describe.each([
  ['that can share what was heard', true],
  ['that needs a copy for each', false],
])('four targets and a transcript, by a graph %s', (_, broadcasts) => {
  const targets = [EN, DE, FR, RU, UK].map((target) => text(prompt(EN, target)));

  it('are written as five single runs would', async () => {
    await using toy = await stage({ broadcasts });
    const together = await toy.canary.recognise([{ audio: speech, texts: targets }], never);
    const alone = [];
    for (const one of targets) {
      const { texts } = await toy.canary.recognise([{ audio: speech, texts: [one] }], never);
      alone.push(texts[0]?.[0]);
    }
    expect(together.texts).toEqual([alone]);
    expect(new Set(alone.map((one) => String(one?.tokens))).size).toBe(5);
  });

  it('take one hearing and one run for each token', async () => {
    await using toy = await stage({ broadcasts });
    await toy.canary.recognise([{ audio: speech, texts: targets }], never);
    expect(toy.runs.encoder).toBe(1);
    expect(toy.fed.every(({ rows }) => rows === 5)).toBe(true);
    expect(toy.fed.every(({ listened }) => listened === (broadcasts ? 1 : 5))).toBe(true);
    const length = toy.reader.text(prompt(EN, DE), heard(toy.reader, speech)).length;
    expect(toy.fed).toHaveLength(length + 1);
  });

  it('of several speakers are heard together and written as they would be apart', async () => {
    await using toy = await stage({ broadcasts });
    const tasks = [
      { audio: speech, texts: [text(prompt(EN, EN)), text(prompt(EN, RU))] },
      { audio: other, texts: [text(prompt(DE, DE)), text(prompt(DE, EN))] },
      { audio: speech.subarray(0, 20_000), texts: [text(prompt(UK, EN))] },
    ];
    const { texts } = await toy.canary.recognise(tasks, never);
    expect(toy.runs.encoder).toBe(1);
    for (const [index, task] of tasks.entries()) {
      const own = heard(toy.reader, task.audio);
      expect(texts[index]?.map(({ tokens }) => tokens)).toEqual(
        task.texts.map((one) => toy.reader.text(one.prompt, own)),
      );
    }
  });
});

it('a decoder that does not load with its rows told apart is loaded as it is', async () => {
  await using model = await ToyModel.create(toyFiles('v2'));
  const listened = new Set<number | undefined>();
  const open: CanaryParts['open'] = async (path, options, edit) => {
    if (edit) throw new Error('the weights are in a file beside it');
    const graph = await openGraph(path, options);
    const run: Graph['run'] = (feeds) => {
      listened.add(feeds['encoder_embeddings']?.dims[0]);
      return graph.run(feeds);
    };
    return { ...graph, run };
  };
  const { directory } = model;
  await using canary = await Canary.create({ directory, device: 'cpu', threads: 1, log, open });
  listened.clear();
  const texts = [EN, DE, FR].map((target) => text(prompt(EN, target)));
  const written = await canary.recognise([{ audio: speech, texts }], never);
  const reader = new ToyReader(toyScript('v2'));
  expect(written.texts[0]?.map(({ tokens }) => tokens)).toEqual(
    texts.map((one) => reader.text(one.prompt, heard(reader, speech))),
  );
  expect([...listened].filter((rows) => rows !== undefined)).toEqual([3]);
});

describe('a forced prefix', () => {
  it('begins the text, which goes on as it would have', async () => {
    await using toy = await stage();
    const own = prompt(EN, DE);
    const whole = toy.reader.text(own, heard(toy.reader, speech));
    const { texts } = await toy.canary.recognise(
      [{ audio: speech, texts: [text(own, whole.slice(0, 3))] }],
      never,
    );
    expect(texts[0]?.[0]?.tokens).toEqual(whole);
    expect(toy.fed[0]?.ids).toEqual([...own, ...whole.slice(0, 3)]);
  });

  it('may differ from row to row, and each row sees what it would alone', async () => {
    await using toy = await stage();
    const prefixes = [[], [2000, 2001, 2002, 2003], [1500]];
    const rows = prefixes.map((prefix) => text(prompt(EN, DE), prefix));
    const { texts } = await toy.canary.recognise([{ audio: speech, texts: rows }], never);
    const own = heard(toy.reader, speech);
    expect(texts[0]?.map(({ tokens }) => tokens)).toEqual(
      prefixes.map((prefix) => [
        ...prefix,
        ...toy.reader.text(prompt(EN, DE), own, { prefix }).slice(prefix.length),
      ]),
    );
    expect(toy.fed.slice(1).every(({ ids }) => ids.length === 3)).toBe(true);
  });
});

describe('a text that does not end', () => {
  it('is cut 50 tokens beyond the steps that were heard', async () => {
    await using toy = await stage({ kind: 'never' });
    const { texts } = await toy.canary.recognise(
      [{ audio: speech, texts: [text(prompt(EN, DE))] }],
      never,
    );
    const [only] = texts[0] ?? [];
    expect(only?.ending).toBe('most');
    expect(only?.tokens).toHaveLength(38 + 50 - 10);
    expect(only?.tokens).toEqual(
      toy.reader.text(prompt(EN, DE), heard(toy.reader, speech), { most: 88 }),
    );
  });

  it('is cut by its own length, whoever was heard beside it', async () => {
    await using toy = await stage({ kind: 'never', broadcasts: false });
    const tasks = [speech, speech.subarray(0, 16_000)].map((audio) => ({
      audio,
      texts: [text(prompt(EN, DE))],
    }));
    const { texts } = await toy.canary.recognise(tasks, never);
    expect(texts.map((own) => own[0]?.tokens.length)).toEqual([78, 53]);
  });

  it('is cut to the first of the same tokens when the model is stuck', async () => {
    await using toy = await stage({ kind: 'stuck' });
    const { texts } = await toy.canary.recognise(
      [{ audio: speech, texts: [text(prompt(EN, DE))] }],
      never,
    );
    const free = toy.reader.text(prompt(EN, DE), heard(toy.reader, speech), { most: 14 });
    expect(texts[0]?.[0]).toMatchObject({ tokens: free, ending: 'stuck' });
  });

  it('is given up between two tokens when nobody wants it any more', async () => {
    await using toy = await stage({ kind: 'never' });
    const gone = new AbortController();
    const writing = toy.canary.recognise(
      [{ audio: speech, texts: [text(prompt(EN, DE))] }],
      gone.signal,
    );
    setTimeout(() => {
      gone.abort();
    }, 0);
    const { texts } = await writing;
    expect(texts[0]?.[0]?.ending).toBe('cancelled');
  });
});
