import { SvelteMap } from 'svelte/reactivity';
import type { PeerId } from '../../server/protocol/ids.ts';
import type { Reaction } from '../../server/protocol/reactions.ts';

/** How long a reaction is shown. */
const SHOWN_MS = 5_000;

interface Shown {
  readonly kind: Reaction;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** What people show without a word, for some seconds; of each person the last. */
export class Reactions {
  readonly #shown = new SvelteMap<PeerId, Shown>();

  show(peerId: PeerId, kind: Reaction): void {
    clearTimeout(this.#shown.get(peerId)?.timer);
    const timer = setTimeout(() => this.#shown.delete(peerId), SHOWN_MS);
    this.#shown.set(peerId, { kind, timer });
  }

  of(peerId: PeerId): Reaction | undefined {
    return this.#shown.get(peerId)?.kind;
  }

  clear(): void {
    for (const { timer } of this.#shown.values()) clearTimeout(timer);
    this.#shown.clear();
  }
}
