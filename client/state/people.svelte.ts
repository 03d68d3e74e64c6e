import { SvelteMap } from 'svelte/reactivity';
import type { PeerInfo, TranslationState } from '../../server/protocol/events.ts';
import { lossAfter } from '../degradation.ts';
import type { Loss } from '../degradation.ts';
import type { Fare } from '../person.ts';
import type { HearChoice, LanguageTag, PeerId } from '../../server/protocol/ids.ts';

const key = (peerId: PeerId, language: LanguageTag): string => `${peerId} ${language}`;

/** Who is in the meeting, who speaks, and how their words fare on the way to each language. */
export class People {
  readonly #peers = new SvelteMap<PeerId, PeerInfo>();
  readonly #levels = new SvelteMap<PeerId, number>();
  readonly #states = new SvelteMap<string, TranslationState>();
  readonly #losses = new SvelteMap<string, Loss>();
  /** This person; undefined before joining. */
  selfId: PeerId | undefined = $state();

  readonly self = $derived(this.selfId === undefined ? undefined : this.#peers.get(this.selfId));
  readonly others = $derived(
    [...this.#peers.values()]
      .filter((peer) => peer.peerId !== this.selfId)
      .sort((a, b) => a.colour - b.colour),
  );

  put(peer: PeerInfo): void {
    this.#peers.set(peer.peerId, peer);
  }

  /** Those who are here now; whoever is not among them has left. */
  replace(peers: readonly PeerInfo[]): void {
    const gone = [...this.#peers.keys()].filter((id) => !peers.some(({ peerId }) => peerId === id));
    for (const peerId of gone) this.remove(peerId);
    for (const peer of peers) this.put(peer);
  }

  remove(peerId: PeerId): void {
    this.#peers.delete(peerId);
    this.#levels.delete(peerId);
    for (const [name, { peerId: owner }] of this.#states) {
      if (owner !== peerId) continue;
      this.#states.delete(name);
      this.#losses.delete(name);
    }
  }

  clear(): void {
    this.#peers.clear();
    this.#levels.clear();
    this.#states.clear();
    this.#losses.clear();
    this.selfId = undefined;
  }

  setLevels(speakers: readonly { readonly peerId: PeerId; readonly level: number }[]): void {
    this.#levels.clear();
    for (const { peerId, level } of speakers) this.#levels.set(peerId, level);
  }

  /** 0 to 1. */
  level(peerId: PeerId): number {
    return this.#levels.get(peerId) ?? 0;
  }

  setState(state: TranslationState): void {
    const name = key(state.peerId, state.language);
    const loss = lossAfter(this.#losses.get(name), state.state);
    this.#states.set(name, state);
    if (loss === undefined) this.#losses.delete(name);
    else this.#losses.set(name, loss);
  }

  /** How this person's words fare for someone who hears `hear`. */
  fare(peerId: PeerId, hear: HearChoice): Fare {
    if (hear === 'original') return {};
    return { state: this.state(peerId, hear), loss: this.loss(peerId, hear) };
  }

  /** What is missing of this person's words, until they are spoken again. */
  loss(peerId: PeerId, language: LanguageTag): Loss | undefined {
    return this.#losses.get(key(peerId, language));
  }

  /** Whether their translation is being spoken to someone who hears `hear`. */
  isSpeaking(peerId: PeerId, hear: HearChoice | undefined): boolean {
    if (hear === undefined || hear === 'original') return false;
    return this.state(peerId, hear)?.state === 'speaking';
  }

  state(peerId: PeerId, language: LanguageTag): TranslationState | undefined {
    return this.#states.get(key(peerId, language));
  }
}
