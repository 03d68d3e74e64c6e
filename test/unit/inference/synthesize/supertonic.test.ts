import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { openGraph, type OpenGraph, type Tensor } from '../../../../inference/onnx/graph.ts';
import { normalNoise } from '../../../../inference/synthesize/noise.ts';
import {
  GRAPHS,
  type StyleName,
  type GraphName,
} from '../../../../inference/synthesize/supertonic-files.ts';
import { textIds, written } from '../../../../inference/synthesize/supertonic-text.ts';
import { Supertonic, type SupertonicParts } from '../../../../inference/synthesize/supertonic.ts';
import { ToyModel } from '../../../support/canary-model.ts';
import {
  TOY_CHANNELS,
  TOY_RATE,
  TOY_STEP_SAMPLES,
  TOY_VALUES,
  toyGraph,
  toyIndexer,
  ToySpeaker,
} from '../../../support/supertonic-graphs.ts';
import { toyVoiceFiles } from '../../../support/supertonic-model.ts';

const SEED = 1913;
const never = new AbortController().signal;
const log = pino({ level: 'silent' });

type Files = Map<string, string | Uint8Array>;

async function load(changes: Partial<SupertonicParts> = {}, change?: (files: Files) => void) {
  const files = toyVoiceFiles();
  change?.(files);
  await using model = await ToyModel.create(files);
  return await Supertonic.create({
    ...{ directory: model.directory, device: 'cpu', threads: 1, steps: 4, speed: 1, log },
    ...changes,
  });
}

const idsOf = (text: string): number[] => [...textIds(text, toyIndexer())].map(Number);

function expected(text: string, style: StyleName, speaker: ToySpeaker) {
  const ids = idsOf(text);
  const steps = Math.ceil(speaker.samples(ids, style) / TOY_STEP_SAMPLES);
  return speaker.sound(ids, style, normalNoise(TOY_CHANNELS * steps, SEED));
}

function expectAlike(actual: Float32Array, wanted: Float32Array): void {
  expect(actual.length).toBe(wanted.length);
  const furthest = wanted.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (actual[at] ?? 9))),
    0,
  );
  expect(furthest).toBeLessThan(1e-4);
}

describe('Supertonic', () => {
  it.each([
    ['M1', 1, 4],
    ['F5', 1, 4],
    ['M3', 1.05, 8],
    ['F2', 2, 1],
  ] as const)('speaks with style %s at speed %d in %d steps', async (style, speed, steps) => {
    await using supertonic = await load({ speed, steps });
    const said = await supertonic.speak({ text: 'Good day', language: 'en', style }, never);
    expect(said.sampleRate).toBe(TOY_RATE);
    expectAlike(said.audio, expected('<en>Good day.</en>', style, new ToySpeaker(steps, speed)));
  });

  it('says the same thing in the same way each time, and other things in another', async () => {
    await using supertonic = await load();
    const say = (text: string) => supertonic.speak({ text, language: 'ru', style: 'F1' }, never);
    expect(await say('Да.')).toEqual(await say('Да.'));
    expect(await say('Да.')).not.toEqual(await say('Ад?'));
  });

  it('says a long text in parts, with a pause of 0.3 s between', async () => {
    await using supertonic = await load();
    const sentence = `${'word '.repeat(50)}end.`;
    const text = `${sentence} ${sentence}`;
    const said = await supertonic.speak({ text, language: 'en', style: 'M2' }, never);
    const one = expected(written(sentence, 'en'), 'M2', new ToySpeaker(4, 1));
    const pause = 0.3 * TOY_RATE;
    expect(said.audio.length).toBe(2 * one.length + pause);
    expectAlike(said.audio.slice(0, one.length), one);
    expect(said.audio.slice(one.length, one.length + pause).every((sample) => sample === 0)).toBe(
      true,
    );
    expectAlike(said.audio.slice(one.length + pause), one);
  });

  it.each(['', ' ', '👍', '?!'])('has no sound for %j', async (text) => {
    await using supertonic = await load();
    const { audio } = await supertonic.speak({ text, language: 'en', style: 'M1' }, never);
    expect(audio.length).toBe(0);
  });

  it('stops between two runs when nobody listens any more', async () => {
    const leaving = new AbortController();
    const counted = counting((name, runs) => {
      // The first run is the warm-up's.
      if (name === 'vector_estimator' && runs === 4 + 2) leaving.abort(new Error('gone'));
    });
    await using supertonic = await load({ open: counted.open });
    const speaking = supertonic.speak(
      { text: 'Hello', language: 'en', style: 'M1' },
      leaving.signal,
    );
    await expect(speaking).rejects.toThrow('gone');
    expect(counted.runs.get('vector_estimator')).toBe(4 + 2);
    expect(counted.runs.get('vocoder')).toBe(1);
  });

  it('masks nothing of a text by itself, and counts its steps from 0', async () => {
    const counted = counting(() => undefined);
    await using supertonic = await load({ open: counted.open, steps: 3 });
    counted.feeds.length = 0;
    await supertonic.speak({ text: 'Hi', language: 'en', style: 'M1' }, never);
    const steps = counted.feeds.filter(({ name }) => name === 'vector_estimator');
    expect(steps.map(({ feeds }) => [...(feeds['current_step']?.data ?? [])])).toEqual([
      [0],
      [1],
      [2],
    ]);
    expect(steps.every(({ feeds }) => feeds['total_step']?.data[0] === 3)).toBe(true);
    const [first] = counted.feeds;
    const length = '<en>Hi.</en>'.length;
    expect(first?.feeds['text_ids']?.dims).toEqual([1, length]);
    expect(first?.feeds['text_mask']?.dims).toEqual([1, 1, length]);
    expect(first?.feeds['text_mask']?.data).toEqual(new Float32Array(length).fill(1));
  });
});

describe('a folder of Supertonic’s form', () => {
  const refused = async (change: (files: Files) => void, reason: string | RegExp) => {
    await expect(load({}, change)).rejects.toThrow(reason);
  };

  it.each([...toyVoiceFiles().keys()])('without %s is refused by its name', async (name) => {
    await refused((files) => files.delete(name), `${name}: is missing`);
  });

  it.each([
    'onnx/vocoder.int8.onnx',
    'model.safetensors',
    'voice_styles/X1.json',
    'onnx/more.json',
  ])('with a foreign %s is refused by its name', async (name) => {
    await refused((files) => files.set(name, ''), `${name}: does not belong to a Supertonic model`);
  });

  it('may have notes beside its files', async () => {
    await using supertonic = await load({}, (files) =>
      files.set('README.md', '').set('LICENSE', '').set('manifest.json', '{}'),
    );
    expect(supertonic.device).toBe('cpu');
  });

  it.each([
    ['onnx/tts.json', '{"ae":{"sample_rate":0}}'],
    ['onnx/unicode_indexer.json', '{}'],
    ['voice_styles/F3.json', 'no JSON'],
    ['voice_styles/F3.json', '{"style_ttl":{"dims":[1,2,3],"data":[[[1]]]}}'],
  ])('with a %s of another kind is refused: %s', async (name, content) => {
    await refused((files) => files.set(name, content), `${name}: is not of a Supertonic model`);
  });

  it('with a style that is not as long as it says is refused', async () => {
    const tensor = { dims: [1, 2, 3], data: [[[1, 2, 3]]] };
    const style = JSON.stringify({ style_ttl: tensor, style_dp: tensor });
    await refused((files) => files.set('voice_styles/M4.json', style), /M4\.json: has 3 numbers/);
  });

  it.each(GRAPHS)('with a broken %s is refused by its name', async (name) => {
    await refused(
      (files) => files.set(`onnx/${name}.onnx`, 'no graph'),
      `${name}.onnx: cannot be loaded`,
    );
  });

  it.each(GRAPHS)('with a %s that takes something else is refused by its name', async (name) => {
    const { inputs, outputs } = TOY_VALUES[name];
    const extra = { name: 'sid', type: 'int64', shape: [1] } as const;
    const graph = toyGraph(name, { inputs: [...inputs, extra], outputs });
    await refused(
      (files) => files.set(`onnx/${name}.onnx`, graph),
      `${name}.onnx: has a foreign input 'sid'`,
    );
  });

  it('whose graphs are of another size than its configuration says is refused', async () => {
    const config = JSON.stringify({
      ae: { sample_rate: TOY_RATE, base_chunk_size: 40 },
      ttl: { chunk_compress_factor: 4, latent_dim: 2 },
    });
    await refused(
      (files) => files.set('onnx/tts.json', config),
      /vector_estimator\.onnx: input 'noisy_latent'/,
    );
  });
});

/** Counts what is run, on graphs that work as ever. */
function counting(ran: (name: GraphName, runs: number) => void) {
  const runs = new Map<GraphName, number>();
  const feeds: { name: GraphName; feeds: Readonly<Record<string, Tensor>> }[] = [];
  const open: OpenGraph = async (path, options) => {
    const graph = await openGraph(path, options);
    const name = GRAPHS.find((one) => path.endsWith(`${one}.onnx`));
    if (name === undefined) throw new Error(path);
    return {
      ...graph,
      run: async (given) => {
        feeds.push({ name, feeds: given });
        const result = await graph.run(given);
        runs.set(name, (runs.get(name) ?? 0) + 1);
        ran(name, runs.get(name) ?? 0);
        return result;
      },
    };
  };
  return { open, runs, feeds };
}
