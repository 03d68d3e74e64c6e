import { beforeEach, expect, test } from 'vitest';
import type { TranscriptState } from '../../../../server/protocol/events.ts';
import type { TranscriptSink } from '../../../../server/rooms/minutes.ts';
import type { TranscriptLine } from '../../../../server/transcripts/line.ts';
import { RoomStage, settled } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

let kept: TranscriptLine[];
let state: TranscriptState;
let stage: RoomStage;
let luz: Guest;

const sink: TranscriptSink = {
  write: (_roomId, line) => {
    kept.push(line);
  },
  state: () => state,
};

beforeEach(async () => {
  kept = [];
  state = 'on';
  stage = new RoomStage({ transcripts: sink });
  luz = await stage.listener({ name: 'Luz', hear: 'es' });
});

const spoken = (): readonly string[] => kept.map(({ original }) => original);

test('finished lines of someone who agreed are kept, with their translations', async () => {
  await stage.speaker({ name: 'Ann', keepWords: true });
  const { speaker } = stage.media;
  stage.media.say(speaker, { utterance: 1, text: 'hel', final: false });
  stage.media.say(speaker, { utterance: 1, text: 'hello', final: true });
  expect(kept).toEqual([
    {
      ...{ sequence: 0, startedAt: 1_000, speaker: 'Ann', source: 'en', original: 'hello' },
      translations: [{ language: 'es', text: 'hello (es)' }],
    },
  ]);
});

test('nothing is kept of someone who did not agree, nor of a false start', async () => {
  await stage.speaker({ name: 'Ann' });
  stage.media.say(stage.media.speaker, { text: 'secret' });
  await stage.speaker({ name: 'Bob', keepWords: true });
  const bob = [...stage.media.speakers.values()].at(-1);
  if (!bob) throw new Error('nobody is listened to');
  stage.media.say(bob, { text: '', translations: [] });
  stage.media.say(bob, { text: 'public' });
  expect(spoken()).toEqual(['public']);
});

test('a sentence that is cut by leaving is kept as far as it went', async () => {
  const ann = await stage.speaker({ name: 'Ann', keepWords: true });
  stage.media.say(stage.media.speaker, { text: 'and then', final: false });
  ann.participation.leave();
  await settled();
  expect(spoken()).toEqual(['and then']);
});

test('who comes back without agreeing is not kept any more', async () => {
  const ann = await stage.speaker({ name: 'Ann', keepWords: true });
  stage.media.say(stage.media.speaker, { text: 'before' });
  ann.participation.lost(0);
  stage.join({ as: ann.id, name: 'Ann', keepWords: false });
  stage.media.say(stage.media.speaker, { text: 'after' });
  expect(spoken()).toEqual(['before']);
});

test('everyone is told that it is kept, and when that ends', () => {
  expect(luz.result.transcript).toBe('on');
  state = 'failed';
  stage.room.transcriptChanged();
  expect(luz.outbox.last('transcript:state')).toEqual({ state: 'failed' });
  expect(new RoomStage().join().result.transcript).toBe('off');
});
