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

test('a page that was left open overnight knocks again, and learns that the meeting is gone', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const pass = new Pass(link);
  await pass.knock();
  vi.advanceTimersByTime(30_000);
  await pass.token();
  expect(door).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(8 * 3_600_000);
  const gone = { code: 'roomNotFound', message: 'there is no such meeting' };
  door.mockResolvedValueOnce(Response.json(gone, { status: 404 }));
  await expect(pass.token()).rejects.toMatchObject({ code: 'roomNotFound' });
  await pass.token();
  expect(door).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
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

test('what was kept is shown after a reload, and what is given then is kept', async () => {
  const kept = {
    session: 'from before',
    read: () => kept.session,
    write: (s: string) => (kept.session = s),
  };
  const pass = new Pass(link, kept);
  expect(await pass.token()).toBe('from before');
  pass.keep('from now');
  expect([kept.session, new Pass(link, kept).session]).toEqual(['from now', 'from now']);
});

test('a token the server does not take is worth another try only when it was not from the link', async () => {
  const pass = new Pass(link);
  pass.keep('too old');
  expect(pass.expire()).toBe(true);
  await pass.token();
  expect(pass.expire()).toBe(false);
});

test('where the meeting is at another server, that is where the socket goes', async () => {
  door.mockResolvedValue(
    Response.json({ token: 't', node: { url: 'https://two.example' }, doors: [] }),
  );
  const pass = new Pass(link);
  expect([pass.node, pass.movable]).toEqual([undefined, false]);
  await pass.knock();
  expect([pass.node, pass.movable]).toEqual(['https://two.example', false]);
});

test('when this page’s own server is gone, the others are asked, and one of them may have it', async () => {
  const doors = ['https://one.example', 'https://two.example'];
  door.mockResolvedValueOnce(Response.json({ token: 't', doors }));
  const pass = new Pass(link);
  await pass.knock();
  expect([pass.node, pass.movable]).toEqual([undefined, true]);

  const path = `/api/rooms/${link.roomId}/join`;
  door.mockClear();
  door.mockRejectedValueOnce(new TypeError('connection refused'));
  door.mockResolvedValueOnce(
    Response.json({ code: 'unavailable', message: 'no Redis' }, { status: 503 }),
  );
  door.mockResolvedValueOnce(Response.json({ token: 'of two', doors }));
  await pass.knock();
  expect(door.mock.calls.map(([address]) => address)).toEqual([
    path,
    ...doors.map((at) => at + path),
  ]);
  expect(pass.node).toBe('https://two.example');
});

test('what one server knows for certain no other is asked for', async () => {
  const doors = ['https://one.example'];
  door.mockResolvedValueOnce(Response.json({ token: 't', doors }));
  const pass = new Pass(link);
  await pass.knock();
  door.mockClear();
  door.mockResolvedValueOnce(
    Response.json({ code: 'roomNotFound', message: 'no' }, { status: 404 }),
  );
  await expect(pass.knock()).rejects.toMatchObject({ code: 'roomNotFound' });
  expect(door).toHaveBeenCalledTimes(1);
});
