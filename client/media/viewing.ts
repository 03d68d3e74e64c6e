import type { ConsumerId } from '../../server/protocol/ids.ts';

/** How a picture is seen: in the layer that is large enough, 0 the smallest, or not at all. */
export type View = 0 | 1 | 2 | 'hidden';

/** What a server can be asked for about one picture. */
export interface ViewRequests {
  readonly pause: (consumerId: ConsumerId) => Promise<unknown>;
  readonly resume: (consumerId: ConsumerId) => Promise<unknown>;
  readonly prefer: (consumerId: ConsumerId, spatial: number) => Promise<unknown>;
}

/** Lines of the two smaller layers of a camera, with some enlargement that nobody notices. */
const SMALL = 180 * 1.2;
const MIDDLE = 360 * 1.2;

/** The layer for a picture that is so many device pixels high. */
export function layerFor(height: number): Exclude<View, 'hidden'> {
  if (height <= SMALL) return 0;
  return height <= MIDDLE ? 1 : 2;
}

/**
 * Asks for no more of each picture than is seen of it. What is lost on the way is asked again when
 * the connection is back.
 */
export class Viewing {
  readonly #requests: ViewRequests;
  readonly #views = new Map<ConsumerId, View>();

  constructor(requests: ViewRequests) {
    this.#requests = requests;
  }

  see(consumerId: ConsumerId, view: View): void {
    const before = this.#views.get(consumerId);
    if (before === view) return;
    this.#views.set(consumerId, view);
    this.#ask(consumerId, view, before === 'hidden');
  }

  forget(consumerId: ConsumerId): void {
    this.#views.delete(consumerId);
  }

  tellAgain(): void {
    for (const [consumerId, view] of this.#views) this.#ask(consumerId, view, true);
  }

  #ask(consumerId: ConsumerId, view: View, resume: boolean): void {
    const { pause, resume: go, prefer } = this.#requests;
    const asked =
      view === 'hidden'
        ? [pause(consumerId)]
        : [prefer(consumerId, view), ...(resume ? [go(consumerId)] : [])];
    // A picture that has just ended is nobody's concern.
    for (const request of asked) request.catch(() => undefined);
  }
}
