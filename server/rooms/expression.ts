import type { Reaction } from '../protocol/reactions.ts';
import type { Chat } from './chat.ts';
import type { Corrections } from './corrections.ts';
import type { Gestures } from './gestures.ts';
import type { Peer } from './peer.ts';

/** Where people of a room express themselves. */
export interface ExpressiveRoom {
  readonly chat: Chat;
  readonly gestures: Gestures;
  readonly corrections: Corrections;
}

/** What one person says and shows without speaking. Everything rejects with 'rateLimited'. */
export class Expression {
  readonly #peer: Peer;
  readonly #room: ExpressiveRoom;

  constructor(peer: Peer, room: ExpressiveRoom) {
    this.#peer = peer;
    this.#room = room;
  }

  write(text: string): Promise<void> {
    return this.#room.chat.send(this.#peer, text);
  }

  raiseHand(raised: boolean): Promise<void> {
    return this.#room.gestures.raise(this.#peer, raised);
  }

  react(kind: Reaction): Promise<void> {
    return this.#room.gestures.react(this.#peer, kind);
  }

  /** Rejects with a RequestError 'notFound', too. */
  correct(sequence: number, text: string): Promise<void> {
    return this.#room.corrections.correct(this.#peer, sequence, text);
  }
}
