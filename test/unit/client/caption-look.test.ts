import { expect, test } from 'vitest';
import {
  captionColours,
  captionSizes,
  colourNames,
  matchColours,
  matchSize,
} from '../../../client/caption-look.ts';

test('a choice that was saved is known again, and nothing else is', () => {
  for (const size of captionSizes) expect(matchSize(size)).toBe(size);
  for (const colours of captionColours) expect(matchColours(colours)).toBe(colours);
  for (const text of ['', 's', 'XXL', 'constructor', 'pink']) {
    expect(matchSize(text)).toBeUndefined();
    expect(matchColours(text)).toBeUndefined();
  }
});

test('every choice of colours has a name of its own', () => {
  expect(new Set(captionColours.map((colours) => colourNames[colours]())).size).toBe(3);
});
