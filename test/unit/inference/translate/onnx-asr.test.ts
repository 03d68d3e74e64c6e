import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Canary } from '../../../../inference/translate/canary.ts';
import { LogMel } from '../../../../inference/translate/mel.ts';
import { readModelDirectory } from '../../../../inference/translate/model-files.ts';
import { Prompts } from '../../../../inference/translate/prompt.ts';
import { toyFiles, ToyModel, toyVocabulary } from '../../../support/canary-model.ts';
import { onnxAsr } from '../../../support/canary-onnx-asr.ts';
import { librivox } from '../../../support/speech.ts';

const onnxAsrHere = await onnxAsr();
const title = 'onnx-asr, an independent reader of the same files';
// The reporter folds skipped tests away, and their reasons with them.
if (!onnxAsrHere.here) process.stderr.write(`Skipped ${title}: ${onnxAsrHere.why}\n`);

const recordings = librivox().map(({ audio }) => audio);
const directions = [
  ['en', 'en'],
  ['en', 'de'],
  ['de', 'en'],
  ['ru', 'en'],
  ['en', 'uk'],
] as const;

describe.skipIf(!onnxAsrHere.here)(
  onnxAsrHere.here ? title : `${title}: ${onnxAsrHere.why}`,
  () => {
    it('hears and writes the same, on real speech', { timeout: 60_000 }, async () => {
      if (!onnxAsrHere.here) throw new Error(onnxAsrHere.why);
      await using model = await ToyModel.create(toyFiles('v2'));
      const { directory } = model;
      const theirs = await onnxAsrHere.read({ directory, recordings, directions });

      const mel = new LogMel();
      for (const [index, audio] of recordings.entries()) {
        const ours = mel.features(audio);
        const their = theirs.features[index];
        expect(their?.shape).toEqual([128, ours.frames]);
        expect(their?.length).toBe(ours.length);
        let worst = 0;
        for (const [at, value] of ours.data.entries()) {
          worst = Math.max(worst, Math.abs(value - (their?.data[at] ?? Number.NaN)));
        }
        expect(worst).toBeLessThan(1e-3);
      }

      const log = pino({ level: 'silent' });
      await using canary = await Canary.create({ directory, device: 'cpu', threads: 1, log });
      const { vocabulary } = await readModelDirectory(directory);
      const prompts = new Prompts(vocabulary, 'v2');
      const pieces = toyVocabulary('v2')
        .split('\n')
        .map((line) => line.slice(0, line.lastIndexOf(' ')).replaceAll('\u2581', ' '));
      const texts = directions.map(([from, to]) => ({ prompt: prompts.of(from, to), prefix: [] }));
      const never = new AbortController().signal;
      for (const [index, audio] of recordings.entries()) {
        const ours = await canary.recognise([{ audio, texts }], never);
        expect(
          ours.texts[0]?.map(({ tokens }) => ({
            tokens: tokens.map((token) => pieces[token]),
            text: vocabulary.text(tokens),
          })),
        ).toEqual(theirs.texts[index]?.map(({ tokens, text }) => ({ tokens, text })));
      }
      const written = theirs.texts.flat().map(({ text }) => text);
      expect(new Set(written).size).toBe(written.length);
    });
  },
);
