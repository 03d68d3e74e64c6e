import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pass } from '../../../../client/state/pass.ts';
import { RoomId, RoomKey } from '../../../../server/protocol/ids.ts';

const link = { roomId: RoomId.parse('r'.repeat(22)), key: RoomKey.parse('k'.repeat(22)) };
const door = vi.fn<typeof fetch>();

beforeEach(() => {
  door.mockImplementation(() => Promise.resolve(Response.json({ token: 'from the link' })));
  vi.stubGlobal('fetch', door);
});
afterEach(() => {
  vi.unstubAllGlobals();
  door.mockReset();
});

test('the key of the link is shown at the door, in the body and not in the address', async () => {
  expect(await new Pass(link).token()).toBe('from the link');
  const [address, init] = door.mock.calls[0] ?? [];
  expect(address).toBe(`/api/rooms/${link.roomId}/join`);
  expect(init?.body).toBe(JSON.stringify({ key: link.key }));
});

test('whoever was in shows what they were given then, until the server does not take it', async () => {
  const pass = new Pass(link);
  pass.keep('from the meeting');
  expect(await pass.token()).toBe('from the meeting');
  expect(door).not.toHaveBeenCalled();
  pass.expire();
  expect(await pass.token()).toBe('from the link');
});

test('it remembers why it got none, until it gets one', async () => {
  const pass = new Pass(link);
  const gone = { code: 'roomNotFound', message: 'there is no such meeting' };
  door.mockResolvedValueOnce(Response.json(gone, { status: 404 }));
  await expect(pass.token()).rejects.toMatchObject({ code: 'roomNotFound' });
  expect(pass.refused).toBe('roomNotFound');
  await pass.token();
  expect(pass.refused).toBeUndefined();
});

test('a network that is down is not a refusal for good', async () => {
  const pass = new Pass(link);
  door.mockRejectedValueOnce(new TypeError('fetch failed'));
  await expect(pass.token()).rejects.toMatchObject({ code: 'unreachable' });
  expect(pass.refused).toBe('unreachable');
});
