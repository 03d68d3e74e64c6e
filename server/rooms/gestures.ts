import { Limiter } from '../limiter.ts';
import type { Reaction } from '../protocol/reactions.ts';
import type { News } from './news.ts';
import type { Peer } from './peer.ts';

/** Gestures of one person. */
const GESTURES = { points: 10, windowMs: 5_000 };

/** Raised hands, in the order in which they were raised, and reactions, which pass. */
export class Gestures {
  readonly #news: News;
  readonly #limiter = new Limiter(GESTURES);
  #raised = 0;

  constructor(news: News) {
    this.#news = news;
  }

  /** A hand that is up keeps its turn. Rejects with a RequestError 'rateLimited'. */
  async raise(peer: Peer, raised: boolean): Promise<void> {
    await this.#limiter.take(peer.id);
    if (!raised) this.lower(peer);
    else if (peer.hand === undefined) this.#set(peer, (this.#raised += 1));
  }

  lower(peer: Peer): void {
    if (peer.hand !== undefined) this.#set(peer, undefined);
  }

  /** Rejects with a RequestError 'rateLimited'. */
  async react(peer: Peer, kind: Reaction): Promise<void> {
    await this.#limiter.take(peer.id);
    if (!peer.closed) this.#news.tell('reaction', { peerId: peer.id, kind });
  }

  #set(peer: Peer, hand: number | undefined): void {
    peer.hand = hand;
    if (!peer.closed) this.#news.tell('peerUpdated', peer.info);
  }
}
