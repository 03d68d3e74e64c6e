import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { fileKey } from '../../../../server/transcripts/key-ring.ts';
import type { KeyRing } from '../../../../server/transcripts/key-ring.ts';
import { makeMeetingKey, openMeetingKey } from '../../../../server/transcripts/meeting-key.ts';

const ring: KeyRing = [fileKey(randomBytes(32))];
const { stored, key } = makeMeetingKey(ring, 'monday', 1_000);

test('a key opens for the meeting it was made for', () => {
  expect(Buffer.from(openMeetingKey(ring, 'monday', stored)).equals(key)).toBe(true);
});

test('each meeting has a key of its own, also a second one of the same name', () => {
  const again = makeMeetingKey(ring, 'monday', 1_000);
  expect(Buffer.from(again.key).equals(key)).toBe(false);
});

test('it opens for no other meeting, and at no other age', () => {
  expect(() => openMeetingKey(ring, 'tuesday', stored)).toThrow('tuesday.key has been changed');
  const younger = { ...stored, since: 2_000 };
  expect(() => openMeetingKey(ring, 'monday', younger)).toThrow('monday.key has been changed');
});

test('it opens with no other key of the file, also under that key’s name', () => {
  const other: KeyRing = [fileKey(randomBytes(32))];
  expect(() => openMeetingKey(other, 'monday', stored)).toThrow(/needs the key [0-9a-f]{16}/);
  const renamed = { ...stored, keyId: other[0].id };
  expect(() => openMeetingKey(other, 'monday', renamed)).toThrow('monday.key has been changed');
});
