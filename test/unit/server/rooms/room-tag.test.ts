import { expect, test } from 'vitest';
import { roomTag } from '../../../../server/log.ts';
import { RoomStage } from '../../../support/room-stage.ts';

test('a meeting is known to the media process by what logs call it, and not by what lets people in', async () => {
  const stage = new RoomStage();
  await stage.speaker();
  await stage.listener({ hear: 'es' });
  const opened = stage.media.commands.filter(({ type }) => type === 'open-speaker');
  expect(opened).toMatchObject([{ room: roomTag(stage.room.id) }]);
  expect(roomTag(stage.room.id)).toMatch(/^[0-9a-f]{8}$/);
  expect(JSON.stringify(stage.media.commands)).not.toContain(stage.room.id);
});
