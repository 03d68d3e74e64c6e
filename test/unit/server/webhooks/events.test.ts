import { beforeEach, expect, test } from 'vitest';
import { PeerId, RoomId } from '../../../../server/protocol/ids.ts';
import type { TranscriptSink } from '../../../../server/rooms/minutes.ts';
import { WebhookEventName } from '../../../../server/webhooks/options.ts';
import { Webhooks } from '../../../../server/webhooks/webhooks.ts';
import type { Outgoing } from '../../../../server/webhooks/webhooks.ts';
import { RoomStage } from '../../../support/room-stage.ts';

interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const room = RoomId.parse('a'.repeat(22));
const [ann, bob] = [PeerId.parse('ann'), PeerId.parse('bob')];
let told: Told[];
let webhooks: Webhooks;

function tellingOf(...wanted: readonly WebhookEventName[]): Webhooks {
  const deliveries: Outgoing = {
    send: (body) => told.push(JSON.parse(body) as Told),
    close: () => Promise.resolve(),
    counts: { delivered: 0, givenUp: 0, dropped: 0, retried: 0 },
    pending: 0,
  };
  return new Webhooks(deliveries, wanted, () => 1_000);
}

beforeEach(() => {
  told = [];
  webhooks = tellingOf(...WebhookEventName.options);
});

test('a room opens with the first who comes and ends with the last who leaves', () => {
  webhooks.joined(room, ann, 'host');
  webhooks.joined(room, bob, 'guest');
  webhooks.left(room, ann);
  webhooks.left(room, bob);
  expect(told.map(({ type, data }) => [type, data['participantId']])).toEqual([
    ['room.opened', undefined],
    ['participant.joined', 'ann'],
    ['participant.joined', 'bob'],
    ['participant.left', 'ann'],
    ['participant.left', 'bob'],
    ['room.ended', undefined],
  ]);
  expect(told.every(({ data }) => data['meetingId'] === room)).toBe(true);
  expect(told[0]?.timestamp).toBe('1970-01-01T00:00:01.000Z');
});

test('a real room tells of those who come and go, by id and never by name', () => {
  const stage = new RoomStage({ observer: webhooks });
  const guest = stage.join({ name: 'Annabel', as: 'ann' });
  stage.join({ name: 'Robert', as: 'bob' });
  guest.participation.leave();
  stage.room.close();
  expect(told.map(({ type }) => type)).toEqual([
    ...['room.opened', 'participant.joined', 'participant.joined'],
    ...['participant.left', 'participant.left', 'room.ended'],
  ]);
  expect(JSON.stringify(told)).not.toMatch(/Annabel|Robert/);
});

test('what is not wanted is not told', () => {
  webhooks = tellingOf('room.ended');
  webhooks.joined(room, ann, 'host');
  webhooks.left(room, ann);
  expect(told.map(({ type }) => type)).toEqual(['room.ended']);
});

test('who was never seen to come does not leave', () => {
  webhooks.left(room, ann);
  expect(told).toEqual([]);
});

const line = {
  ...{ sequence: 1, startedAt: 5, speaker: 'Ann', source: 'en', original: 'Hello' },
  translations: [{ language: 'es', text: 'Hola' }],
};

test('lines are told where they are kept, and only while they are', () => {
  const kept: unknown[] = [];
  let state: 'on' | 'deleted' = 'on';
  const sink: TranscriptSink = { write: (_, each) => kept.push(each), state: () => state };
  const heard = webhooks.listening(sink);
  heard?.write(room, line);
  state = 'deleted';
  heard?.write(room, line);
  expect(kept).toHaveLength(2);
  expect(told).toEqual([
    {
      ...{ type: 'transcript.line', timestamp: '1970-01-01T00:00:01.000Z' },
      data: { meetingId: room, ...line },
    },
  ]);
});

test('without transcripts nobody was asked, and nothing is told of what they say', () => {
  expect(webhooks.listening(undefined)).toBeUndefined();
  expect(
    tellingOf('room.opened').listening({ write: () => undefined, state: () => 'on' }),
  ).toBeDefined();
});
