import { describe, expect, it } from 'vitest';
import { parseLabels } from '../../../../inference/identify/labels.ts';

describe('the list of an identifier’s languages', () => {
  it('is read as SpeechBrain writes it, in the order of its numbers', () => {
    const text = [
      "'de: German' => 1",
      "'ab: Abkhazian' => 0",
      "'haw: Hawaiian' => 2",
      '================',
      "'starting_index' => 0",
    ].join('\n');
    expect(parseLabels(text)).toEqual(['ab', 'de', 'haw']);
  });

  it('is read with one label a line as well', () => {
    expect(parseLabels('en\nru: Russian\r\nde\n')).toEqual(['en', 'ru', 'de']);
  });

  it('has Hebrew and Javanese by their codes of today', () => {
    expect(parseLabels("'iw: Hebrew' => 0\n'jw: Javanese' => 1\n")).toEqual(['he', 'jv']);
  });

  it.each([
    ['nothing', '', /fewer than two/],
    ['one language', 'en\n', /fewer than two/],
    ['one language twice', 'iw\nhe\n', /'he' twice/],
    ['a number left out', "'en: English' => 0\n'de: German' => 2\n", /no label for the number 1/],
    ['a line of another kind', "'en: English' => 0\nGerman\n", /no label: German/],
    ['words', 'English\nGerman\n', /no label: English/],
    ['figures', '0.1 0.2\n0.3\n', /no label/],
  ])('of %s is refused', (_, text, reason) => {
    expect(() => parseLabels(text)).toThrow(reason);
  });
});
