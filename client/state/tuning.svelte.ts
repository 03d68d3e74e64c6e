import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { PeerId } from '../../server/protocol/ids.ts';
import { levelAt } from '../media/levels.ts';
import type { Mix } from '../media/playout.ts';
import type { SoundPreferences } from './sound-preferences.svelte.ts';

export interface TuningOptions {
  readonly sound: SoundPreferences;
  /** Both resolve to false when the server refuses. */
  readonly askOriginals: (of: readonly PeerId[]) => Promise<boolean>;
  readonly askGate: (gateDb: number | null) => Promise<boolean>;
}

/** How one person hears each of the others, and what of their own sound is taken for speech. */
export class Tuning implements Mix {
  readonly #options: TuningOptions;
  readonly #volumes = new SvelteMap<PeerId, number>();
  readonly #originals = new SvelteSet<PeerId>();
  /** Something was asked of a server in this visit. */
  #asked = false;

  constructor(options: TuningOptions) {
    this.#options = options;
  }

  get underTranslation(): number {
    return this.#options.sound.underTranslation;
  }

  volumeOf(peerId: PeerId): number {
    return this.#volumes.get(peerId) ?? 1;
  }

  /** 0 to 1. */
  setVolume(peerId: PeerId, volume: number): void {
    this.#volumes.set(peerId, volume);
  }

  /** Whether this person is heard as they are, whatever "I hear" is. */
  hearsAsIs(peerId: PeerId): boolean {
    return this.#originals.has(peerId);
  }

  /** Resolves to false when the server refuses; then it is as before. */
  async setAsIs(peerId: PeerId, asIs: boolean): Promise<boolean> {
    this.#put(peerId, asIs);
    this.#asked = true;
    const granted = await this.#options.askOriginals([...this.#originals]);
    if (!granted) this.#put(peerId, !asIs);
    return granted;
  }

  /** What is below this place on the meter, 0 to 1, is no speech; 0: nothing is too quiet. */
  async setGate(gate: number): Promise<boolean> {
    this.#options.sound.change({ gate });
    this.#asked = true;
    return this.#options.askGate(levelAt(gate));
  }

  /** To be called at each entry: a server that was started again knows nothing of this. */
  tellAgain(): void {
    const { gate } = this.#options.sound;
    if (this.#asked || gate > 0) void this.#options.askGate(levelAt(gate));
    if (this.#asked) void this.#options.askOriginals([...this.#originals]);
  }

  #put(peerId: PeerId, asIs: boolean): void {
    if (asIs) this.#originals.add(peerId);
    else this.#originals.delete(peerId);
  }
}
