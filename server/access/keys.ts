import { createHmac, timingSafeEqual } from 'node:crypto';
import { RoomKey } from '../protocol/ids.ts';
import type { Role, RoomId } from '../protocol/ids.ts';
import type { Secret } from './secret.ts';

/** 22 characters of base64url: 132 bits, like the id of a room. */
const LENGTH = 22;

/**
 * The keys in the links to a meeting. They are computed from its id and the server's secret (HMAC,
 * RFC 2104), so nothing is stored, and links outlive a restart of the server.
 */
export class RoomKeys {
  readonly #key: Uint8Array;

  constructor(secret: Secret) {
    this.#key = secret.keyFor('room keys');
  }

  of(roomId: RoomId, role: Role): RoomKey {
    const mac = createHmac('sha256', this.#key).update(`${role} ${roomId}`).digest('base64url');
    return RoomKey.parse(mac.slice(0, LENGTH));
  }

  /** What a key admits its holder as; undefined when it is not one of this room's. */
  roleOf(roomId: RoomId, key: RoomKey): Role | undefined {
    // Both are always compared, so that the time taken tells nothing.
    const host = equal(key, this.of(roomId, 'host'));
    const guest = equal(key, this.of(roomId, 'guest'));
    if (host) return 'host';
    return guest ? 'guest' : undefined;
  }
}

function equal(a: RoomKey, b: RoomKey): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
