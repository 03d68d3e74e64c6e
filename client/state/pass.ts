import type { Entrance } from '../../server/protocol/api.ts';
import { knock } from '../api.ts';
import { CallError } from '../messages.ts';
import type { FailureCode } from '../messages.ts';
import type { RoomLink } from '../routes.ts';

/** A token is used for half of the time it is good for. */
const FRESH_MS = 60_000;

/** What a person shows at the door: the key of their link at first, later proof that they were in. */
export class Pass {
  readonly #link: RoomLink;
  #session: string | undefined;
  #fresh: { readonly token: string; readonly until: number } | undefined;
  #refused: FailureCode | undefined;

  constructor(link: RoomLink) {
    this.#link = link;
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

  /** The token to come back with, from now on. */
  keep(session: string): void {
    this.#session = session;
  }

  /** The server does not take the token any more; the link may still be good. */
  expire(): void {
    this.#session = undefined;
    this.#fresh = undefined;
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
