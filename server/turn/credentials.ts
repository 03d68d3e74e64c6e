import { createHmac } from 'node:crypto';

/** A name and password that a relay accepts until the time in the name. */
export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

export interface TurnCredentialsRequest {
  /** Shared with the relay (coturn: static-auth-secret). */
  readonly secret: string;
  /** Whom they are for; the relay counts allocations by it. */
  readonly peerId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly ttlMs: number;
}

/**
 * Credentials that the relay can check without asking us: an expiry time in seconds and a keyed
 * hash of it (draft-uberti-behave-turn-rest-00, section 2.2). The time is rounded up, so that they
 * last for at least `ttlMs`.
 */
export function turnCredentials(request: TurnCredentialsRequest): TurnCredentials {
  const { secret, peerId, now, ttlMs } = request;
  const username = `${Math.ceil((now + ttlMs) / 1_000)}:${peerId}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
