import { describe, expect, test } from 'vitest';
import { Door } from '../../../../server/access/door.ts';
import { RoomKeys } from '../../../../server/access/keys.ts';
import { Secret } from '../../../../server/access/secret.ts';
import { Tokens } from '../../../../server/access/tokens.ts';
import { startSignaling } from '../../../support/signaling-server.ts';

const secret = new Secret('a secret of the tests, long enough');

describe('what is told at the door', () => {
  test.each([true, false])(
    'whether nobody is translated who has not agreed: %s',
    async (required) => {
      await using server = await startSignaling();
      const door = new Door({
        ...{ rooms: server.rooms, keys: new RoomKeys(secret), tokens: new Tokens(secret, 60_000) },
        ...{ consentRequired: required, keepsTranscriptFor: undefined },
      });
      const { roomId, guestKey } = door.create();
      const entrance = await door.enter(roomId, guestKey);
      expect(entrance.consentRequired === true).toBe(required);
    },
  );
});
