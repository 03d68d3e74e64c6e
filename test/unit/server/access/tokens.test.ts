import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { RoomKeys } from '../../../../server/access/keys.ts';
import { Secret } from '../../../../server/access/secret.ts';
import { Tokens } from '../../../../server/access/tokens.ts';
import { PeerId, RoomId, RoomKey } from '../../../../server/protocol/ids.ts';

const secret = new Secret('a secret of the tests, long enough');
const roomId = RoomId.parse('r'.repeat(22));
const ann = { roomId, role: 'guest', peerId: PeerId.parse('ann') } as const;
const MINUTE = 60_000;

test('a join token admits to its room for two minutes, each to somebody new', async () => {
  let now = 1_700_000_000_000;
  const tokens = new Tokens(secret, 2 * MINUTE, () => now);
  const token = await tokens.forJoining(roomId, 'host');
  now += 2 * MINUTE - 1_000;
  const grant = await tokens.verify(token);
  expect(grant).toMatchObject({ roomId, role: 'host', returning: false, fromBefore: false });
  const other = await tokens.verify(await tokens.forJoining(roomId, 'host'));
  expect(other.peerId).not.toBe(grant.peerId);
  now += 2_000;
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'badToken' });
});

test('a session token brings the same person back for hours, even to a server that was restarted', async () => {
  let now = 1_700_000_000_000;
  const token = await new Tokens(secret, 2 * MINUTE, () => now).forReturning(ann);
  now += 11 * 60 * MINUTE;
  const restarted = new Tokens(secret, 2 * MINUTE, () => now);
  expect(await restarted.verify(token)).toEqual({ ...ann, returning: true, fromBefore: true });
  now += 2 * 60 * MINUTE;
  await expect(restarted.verify(token)).rejects.toMatchObject({ code: 'badToken' });
});

test('nothing that this server has not signed is taken', async () => {
  const tokens = new Tokens(secret, 2 * MINUTE);
  const good = await tokens.forReturning(ann);
  const [header = '', body = '', signature = ''] = good.split('.');
  const claims = { room: roomId, role: 'host', instance: 'x' };
  const forged = [
    '',
    'nonsense',
    'a.b.c',
    good.slice(0, -2),
    [header, body, signature.toUpperCase()].join('.'),
    [header, Buffer.from('{}').toString('base64url'), signature].join('.'),
    new UnsecuredJWT(claims).setIssuer('parley').setAudience('join').setSubject('ann').encode(),
    await new Tokens(new Secret('the secret of another server, as long'), 2 * MINUTE).forReturning(
      ann,
    ),
    // The right key, but not what we sign: no end, another audience, no room.
    await sign(claims, 'join', undefined),
    await sign(claims, 'transcript', 60),
    await sign({ role: 'host', instance: 'x' }, 'join', 60),
    await sign({ ...claims, role: 'admin' }, 'join', 60),
  ];
  for (const token of forged) {
    await expect(tokens.verify(token), token).rejects.toMatchObject({ code: 'badToken' });
  }
});

async function sign(claims: object, audience: string, seconds: number | undefined) {
  const jwt = new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('parley')
    .setAudience(audience)
    .setSubject('ann');
  if (seconds !== undefined) jwt.setExpirationTime(`${seconds}s`);
  return jwt.sign(secret.keyFor('tokens'));
}

test('the keys of a room are its own, one for each role, and the same after a restart', () => {
  const keys = new RoomKeys(secret);
  const [host, guest] = [keys.of(roomId, 'host'), keys.of(roomId, 'guest')];
  expect([keys.roleOf(roomId, host), keys.roleOf(roomId, guest)]).toEqual(['host', 'guest']);
  expect(keys.roleOf(RoomId.parse('s'.repeat(22)), host)).toBeUndefined();
  expect(keys.roleOf(roomId, RoomKey.parse('x'.repeat(22)))).toBeUndefined();
  expect(new RoomKeys(secret).of(roomId, 'host')).toBe(host);
  expect(new RoomKeys(new Secret('another')).of(roomId, 'host')).not.toBe(host);
});
