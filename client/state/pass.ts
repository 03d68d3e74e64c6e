import type { Entrance } from '../../server/protocol/api.ts';
import { knock } from '../api.ts';
import { CallError } from '../messages.ts';
import type { FailureCode } from '../messages.ts';
import type { RoomLink } from '../routes.ts';
import type { KeptSession } from './kept-session.ts';

/** A token is used for half of the time it is good for. */
const FRESH_MS = 60_000;

/** How long one server is waited for while there are others. */
const SHORT_PATIENCE_MS = 2_000;
/** Failures of one server that another need not share. */
const elsewherePerhaps: ReadonlySet<FailureCode> = new Set([
  'unreachable',
  'unavailable',
  'stopping',
  'internal',
]);

/** What a person shows at the door: the key of their link at first, later proof that they were in. */
export class Pass {
  readonly #link: RoomLink;
  readonly #home: string;
  readonly #kept: Pick<KeptSession, 'read' | 'write'> | undefined;
  #session: string | undefined;
  #fresh: { readonly token: string; readonly until: number } | undefined;
  #refused: FailureCode | undefined;
  #node: string | undefined;
  #doors: readonly string[] = [];

  /**
   * `kept`: where proof of having been in outlives a reload. `home`: the server that is asked first;
   * left out, the one this page came from.
   */
  constructor(link: RoomLink, kept?: Pick<KeptSession, 'read' | 'write'>, home = '') {
    this.#link = link;
    this.#home = home;
    this.#kept = kept;
    this.#session = kept?.read();
  }

  /** What the door has said, with a token for the next minute. Rejects with a CallError. */
  async knock(): Promise<Entrance> {
    const { entrance, server } = await this.#ask();
    const { token, node, doors = [] } = entrance;
    this.#fresh = { token, until: performance.now() + FRESH_MS };
    this.#node = node?.url ?? (server || undefined);
    this.#doors = doors;
    return entrance;
  }

  /** The server that has the meeting; undefined: the one that this page came from. */
  get node(): string | undefined {
    return this.#node;
  }

  /** Whether the meeting may go on at another server when its own is gone. */
  get movable(): boolean {
    return this.#doors.length > 0;
  }

  /** At this page's own server first, then at the others, while they cannot tell. */
  async #ask(): Promise<{ readonly entrance: Entrance; readonly server: string }> {
    let failure: unknown;
    for (const server of [this.#home, ...this.#doors]) {
      try {
        const patienceMs = this.movable ? SHORT_PATIENCE_MS : undefined;
        return { entrance: await knock(this.#link, server, patienceMs), server };
      } catch (error) {
        failure ??= error;
        if (!(error instanceof CallError && elsewherePerhaps.has(error.code))) throw error;
      }
    }
    throw failure;
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
