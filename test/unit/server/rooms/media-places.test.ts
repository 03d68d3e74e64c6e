import { beforeEach, describe, expect, test } from 'vitest';
import { MediaPlaces } from '../../../../server/rooms/media-places.ts';
import type { MediaPlace } from '../../../../server/rooms/media-places.ts';
import { FakeSpeechMedia } from '../../../support/fake-speech-media.ts';
import { englishEngine } from '../../../support/room-stage.ts';

let a: FakeSpeechMedia;
let b: FakeSpeechMedia;
let places: MediaPlaces;

beforeEach(() => {
  a = new FakeSpeechMedia(englishEngine);
  b = new FakeSpeechMedia(englishEngine);
  places = new MediaPlaces([a, b], 3);
});

/** A room with so many people. */
function room(people: number): MediaPlace {
  const place = places.open();
  for (let i = 0; i < people; i += 1) place.enter();
  return place;
}

describe('rooms on two media processes', () => {
  test('each goes where the fewest people are, and stays', () => {
    expect([room(2).media, room(1).media, room(1).media]).toEqual([a, b, b]);
    expect(places.people).toEqual([2, 2]);
  });

  test('one with nobody in it takes up nothing, and is placed anew when someone comes', () => {
    const first = room(1);
    first.leave();
    expect(places.people).toEqual([0, 0]);
    room(2);
    first.enter();
    expect(first.media).toBe(b);
  });

  test('one that empties and fills at once stays where it was', () => {
    room(1);
    const second = room(1);
    second.leave();
    room(0);
    second.enter();
    expect(second.media).toBe(b);
  });

  test('a process that cannot translate yet is taken only when no other has space', () => {
    a.engine = { ...englishEngine, state: 'starting' };
    expect(room(2).media).toBe(b);
    a.die();
    b.engine = { ...englishEngine, state: 'failed' };
    const third = room(1);
    expect(third.media).toBe(b);
    expect(room(1).media).toBe(a);
  });
});

describe('the limit', () => {
  test('a meeting on a full process takes nobody until someone leaves, though others do', () => {
    const full = room(3);
    expect(() => {
      full.enter();
    }).toThrow(expect.objectContaining({ code: 'mediaFull' }));
    expect(places.people).toEqual([3, 0]);
    full.leave();
    full.enter();
    expect(places.people).toEqual([3, 0]);
    expect(room(1).media).toBe(b);
  });

  test('when every process is full the server is', () => {
    const [one, two] = [room(3), room(3)];
    for (const place of [one, two, places.open()]) {
      expect(() => {
        place.enter();
      }).toThrow(expect.objectContaining({ code: 'serverFull' }));
    }
    expect(places.people).toEqual([3, 3]);
    two.leave();
    two.enter();
    expect(two.media).toBe(b);
  });
});
