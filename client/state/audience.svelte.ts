import { SvelteMap } from 'svelte/reactivity';
import type { AudienceMember } from '../../server/protocol/events.ts';
import type { PeerId } from '../../server/protocol/ids.ts';

/** Those who get this person's words translated, and how far along each is. */
export class Audience {
  readonly #members = new SvelteMap<PeerId, AudienceMember>();

  /** Somebody's translated voice is being played. */
  readonly voiced = $derived([...this.#members.values()].some(({ state }) => state === 'speaking'));
  /** Something is on its way to somebody. */
  readonly pending = $derived(
    this.voiced || [...this.#members.values()].some(({ state }) => state === 'interpreting'),
  );

  /** Takes the place of what was known. */
  replace(members: readonly AudienceMember[]): void {
    this.#members.clear();
    for (const member of members) this.#members.set(member.peerId, member);
  }

  member(peerId: PeerId): AudienceMember | undefined {
    return this.#members.get(peerId);
  }
}
