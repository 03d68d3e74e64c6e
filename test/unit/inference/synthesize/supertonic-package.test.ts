import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { normalNoise } from '../../../../inference/synthesize/noise.ts';
import { textIds, written } from '../../../../inference/synthesize/supertonic-text.ts';
import { Supertonic } from '../../../../inference/synthesize/supertonic.ts';
import { ToyModel } from '../../../support/canary-model.ts';
import { TOY_RATE, toyIndexer } from '../../../support/supertonic-graphs.ts';
import { toyVoiceFiles } from '../../../support/supertonic-model.ts';
import { supertonicPackage } from '../../../support/supertonic-reader.ts';

const theirs = await supertonicPackage();
const title = 'Supertonic’s authors’ own package, on the same files';
// The reporter folds skipped tests away, and their reasons with them.
if (!theirs.here) process.stderr.write(`Skipped ${title}: ${theirs.why}\n`);

const SEED = 1913;
const STEPS = 5;
const SPEED = 1.05;
const says = [
  ['Good morning, everyone.', 'en', 'M1'],
  ['Доброе утро! Начнём? Ёлка, объём, подъезд', 'ru', 'F3'],
  ['Größe — “Straße”, ‘über’ – ja…', 'de', 'M5'],
  ['Ça va, l’été à Noël ? [note] a_b | c/d #1 → x', 'fr', 'F1'],
  ['«Привіт» , як справи ?', 'uk', 'M2'],
  ['Příliš žluťoučký kůň úpěl ďábelské ódy 😀', 'cs', 'F5'],
  ['mail@example.org ""quoted"" \\ ©', 'pl', 'M4'],
  ['Ψάχνω, ή όχι;', 'el', 'F2'],
] as const;

describe.skipIf(!theirs.here)(theirs.here ? title : `${title}: ${theirs.why}`, () => {
  it('reads and says the same', { timeout: 60_000 }, async () => {
    if (!theirs.here) throw new Error(theirs.why);
    await using model = await ToyModel.create(toyVoiceFiles());
    const { directory } = model;
    const asked = says.map(([text, language, style]) => ({
      ...{ text, language, style, steps: STEPS, speed: SPEED },
    }));
    const said = await theirs.speak(directory, asked, normalNoise(100_000, SEED));
    const parts = { directory, device: 'cpu', threads: 1, steps: STEPS, speed: SPEED } as const;
    await using supertonic = await Supertonic.create({ ...parts, log: pino({ level: 'silent' }) });
    for (const [index, [text, language, style]] of says.entries()) {
      const their = said[index];
      const ids = [...textIds(written(text, language), toyIndexer())].map(Number);
      expect(ids, text).toEqual(their?.ids);
      const { audio } = await supertonic.speak(
        { text, language, style },
        new AbortController().signal,
      );
      expect(audio.length, text).toBe(Math.floor((their?.seconds ?? 0) * TOY_RATE));
      // Theirs goes on to the end of the last step.
      const furthest = audio.reduce(
        (most, sample, at) => Math.max(most, Math.abs(sample - (their?.sound[at] ?? 99))),
        0,
      );
      expect(furthest, text).toBeLessThan(1e-4);
    }
  });
});
