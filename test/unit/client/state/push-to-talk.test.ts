import { beforeEach, describe, expect, it } from 'vitest';
import { PushToTalk } from '../../../../client/state/push-to-talk.ts';

let heard: boolean[];
let talk: PushToTalk;

beforeEach(() => {
  heard = [];
  talk = new PushToTalk((talking) => heard.push(talking));
});

describe('push to talk', () => {
  it('opens with a press and closes with its release', () => {
    talk.press(' ');
    expect(talk.talking).toBe(true);
    talk.release(' ');
    expect(heard).toEqual([true, false]);
  });

  it('is opened once by a key that repeats', () => {
    for (let repeat = 0; repeat < 5; repeat++) talk.press(' ');
    talk.release(' ');
    expect(heard).toEqual([true, false]);
  });

  it('stays open while a finger or a key still holds it', () => {
    talk.press('pointer 1');
    talk.press(' ');
    talk.release('pointer 1');
    expect(talk.talking).toBe(true);
    talk.release(' ');
    expect(heard).toEqual([true, false]);
  });

  it('knows nothing of the release of what was not pressed', () => {
    talk.release('Enter');
    talk.press(' ');
    talk.release('Enter');
    expect(talk.talking).toBe(true);
  });

  it('closes when releases will not be seen, and a late one changes nothing', () => {
    talk.press(' ');
    talk.press('pointer 1');
    talk.releaseAll();
    talk.release(' ');
    talk.releaseAll();
    expect(heard).toEqual([true, false]);
  });

  it('is opened by one click of assistive technology and closed by the next', () => {
    talk.toggle('click');
    expect(talk.talking).toBe(true);
    talk.toggle('click');
    expect(heard).toEqual([true, false]);
  });
});
