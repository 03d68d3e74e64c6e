import type { Entrance } from '../../server/protocol/api.ts';
import { knock } from '../api.ts';
import { CallError } from '../messages.ts';
import type { FailureCode } from '../messages.ts';
import type { RoomLink } from '../routes.ts';
import type { KeptSession } from './kept-session.ts';

/** A token is used for half of the time it is good for. */
const FRESH_MS = 60_000;

/** What a person shows at the door: the key of their link at first, later proof that they were in. */
export class Pass {
  readonly #link: RoomLink;
  readonly #kept: Pick<KeptSession, 'read' | 'write'> | undefined;
  #session: string | undefined;
  #fresh: { readonly token: string; readonly until: number } | undefined;
  #refused: FailureCode | undefined;

  /** `kept`: where proof of having been in outlives a reload. */
  constructor(link: RoomLink, kept?: Pick<KeptSession, 'read' | 'write'>) {
    this.#link = link;
    this.#kept = kept;
    this.#session = kept?.read();
  }

  /** What the door has said, with a token for the next minute. Rejects with a CallError. */
  async knock(): Promise<Entrance> {
    const entrance = await knock(this.#link);
    this.#fresh = { token: entrance.token, until: performance.now() + FRESH_MS };
    return entrance;
  }

  /** Why the last token could not be had. */
  get refused(): FailureCode | undefined {
    return this.#refused;
  }

  /** Proof of having been in, if there is any. */
  get session(): string | undefined {
    return this.#session;
  }

  /** The token to come back with, from now on. */
  keep(session: string): void {
    this.#session = session;
    this.#kept?.write(session);
  }

  /** The server does not take the token any more. True when the link may still be good. */
  expire(): boolean {
    const came = this.#session !== undefined;
    this.#session = undefined;
    this.#fresh = undefined;
    return came;
  }

  /** For the socket's handshake. Rejects with a CallError. */
  async token(): Promise<string> {
    this.#refused = undefined;
    if (this.#session !== undefined) return this.#session;
    if (this.#fresh && performance.now() < this.#fresh.until) return this.#fresh.token;
    try {
      return (await this.knock()).token;
    } catch (error) {
      this.#refused = error instanceof CallError ? error.code : 'internal';
      throw error;
    }
  }
}
