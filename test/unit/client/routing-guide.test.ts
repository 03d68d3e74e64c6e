import { expect, test } from 'vitest';
import { guidesFor, routingGuides } from '../../../client/routing-guide.ts';

const guides = routingGuides();
const systems = (shown: readonly { readonly system: string }[]) =>
  shown.map(({ system }) => system);

test('the guide for this system comes first, and none is missing', () => {
  expect(systems(guidesFor('mac', guides))).toEqual(['macOS', 'Windows', 'Linux']);
  expect(systems(guidesFor('linux', guides))).toEqual(['Linux', 'Windows', 'macOS']);
});

test('on a system without a guide all are shown as they are', () => {
  expect(systems(guidesFor('phone', guides))).toEqual(['Windows', 'macOS', 'Linux']);
});

test('every guide ends with the same two choices: in Parley, then in the meeting program', () => {
  for (const { steps } of guides) {
    const text = steps.map((step) => step.text).join('\n');
    expect(text).toContain('“Translated voice on”');
    expect(text.indexOf('“Translated voice on”')).toBeLessThan(text.indexOf('as the microphone'));
  }
});
