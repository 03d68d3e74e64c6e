import { errors, jwtVerify, SignJWT } from 'jose';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { PeerId, Role, RoomId } from '../protocol/ids.ts';
import type { Secret } from './secret.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'parley';
/** How long after their last join someone may come back as the same person. */
const SESSION_TTL_MS = 12 * 3_600_000;

/** What a token lets its holder do: enter one room, in one role. */
export interface Grant {
  readonly roomId: RoomId;
  readonly role: Role;
  /** Who its holder is in the room. */
  readonly peerId: PeerId;
  /** Issued to someone who is in the room, to come back with. */
  readonly returning: boolean;
  /** Issued by a server process that ran before this one. */
  readonly fromBefore: boolean;
}

const Claims = z.object({ room: RoomId, role: Role, sub: PeerId, instance: z.string() });

/**
 * Join tokens, which the key of a link is exchanged for, and session tokens, with which someone
 * comes back as the same person (JWT, RFC 7519, HMAC with SHA-256). `now` in milliseconds.
 */
export class Tokens {
  readonly #key: Uint8Array;
  /** Tells this process from those before it. */
  readonly #instance = nanoid();
  readonly #joinTtlMs: number;
  readonly #now: () => number;

  /** `joinTtlMs`: how long the way from the link into the meeting may take. */
  constructor(secret: Secret, joinTtlMs: number, now: () => number = Date.now) {
    this.#key = secret.keyFor('tokens');
    this.#joinTtlMs = joinTtlMs;
    this.#now = now;
  }

  /** For a new participant, who gets their id with it. */
  async forJoining(roomId: RoomId, role: Role): Promise<string> {
    return this.#sign({ roomId, role, peerId: PeerId.parse(nanoid()) }, 'join', this.#joinTtlMs);
  }

  /** For a participant to come back with. */
  async forReturning(holder: Pick<Grant, 'roomId' | 'role' | 'peerId'>): Promise<string> {
    return this.#sign(holder, 'session', SESSION_TTL_MS);
  }

  /** Rejects with a RequestError 'badToken' for anything this server has not issued, or not lately. */
  async verify(token: string): Promise<Grant> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: ['join', 'session'],
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.#now()),
      });
      const { room, role, sub, instance } = Claims.parse(payload);
      return {
        ...{ roomId: room, role, peerId: sub },
        returning: payload.aud === 'session',
        fromBefore: instance !== this.#instance,
      };
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError || cause instanceof z.ZodError)) throw cause;
      throw new RequestError('badToken', 'the token is not valid, or not any more', { cause });
    }
  }

  async #sign(
    { roomId, role, peerId }: Pick<Grant, 'roomId' | 'role' | 'peerId'>,
    audience: 'join' | 'session',
    ttlMs: number,
  ): Promise<string> {
    return new SignJWT({ room: roomId, role, instance: this.#instance })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(peerId)
      .setIssuedAt(new Date(this.#now()))
      .setExpirationTime(new Date(this.#now() + ttlMs))
      .sign(this.#key);
  }
}
