import { beforeEach, describe, expect, test } from 'vitest';
import { layerFor, Viewing } from '../../../../client/media/viewing.ts';
import { ConsumerId } from '../../../../server/protocol/ids.ts';

const ann = ConsumerId.parse('ann');
const ben = ConsumerId.parse('ben');

let asked: string[];
let online: boolean;
let viewing: Viewing;

beforeEach(() => {
  asked = [];
  online = true;
  const ask = (words: string): Promise<void> => {
    asked.push(words);
    return online ? Promise.resolve() : Promise.reject(new Error('unreachable'));
  };
  viewing = new Viewing({
    pause: (id) => ask(`pause ${id}`),
    resume: (id) => ask(`resume ${id}`),
    prefer: (id, spatial) => ask(`prefer ${id} ${spatial}`),
  });
});

test('a picture is asked for in the layer that is large enough for it', () => {
  expect([100, 135, 270, 400, 720, 2_160].map(layerFor)).toEqual([0, 0, 1, 1, 2, 2]);
});

describe('what is asked of the server', () => {
  test('the layer, when it is another than before', () => {
    viewing.see(ann, 0);
    viewing.see(ann, 0);
    viewing.see(ann, 2);
    expect(asked).toEqual(['prefer ann 0', 'prefer ann 2']);
  });

  test('nothing of a picture that is out of sight, and everything again when it is back', () => {
    viewing.see(ann, 1);
    viewing.see(ann, 'hidden');
    viewing.see(ann, 'hidden');
    viewing.see(ann, 1);
    expect(asked).toEqual(['prefer ann 1', 'pause ann', 'prefer ann 1', 'resume ann']);
  });

  test('a picture that comes while the page is hidden is paused at once', () => {
    viewing.see(ann, 'hidden');
    expect(asked).toEqual(['pause ann']);
  });

  test('what the lost connection swallowed is asked again', () => {
    viewing.see(ann, 'hidden');
    online = false;
    viewing.see(ann, 1);
    viewing.see(ben, 'hidden');
    online = true;
    asked = [];
    viewing.tellAgain();
    expect(asked).toEqual(['prefer ann 1', 'resume ann', 'pause ben']);
  });

  test('nothing about a picture that has ended', () => {
    viewing.see(ann, 1);
    viewing.forget(ann);
    asked = [];
    viewing.tellAgain();
    expect(asked).toEqual([]);
  });
});
