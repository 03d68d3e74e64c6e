import type {
  OutletFigures,
  PhraseLoss,
  PhraseObserver,
  VoicedPhrase,
  VoiceOutlet,
  VoiceOutlets,
} from '../../media/egress/ports.ts';

interface Outgoing {
  readonly phrase: VoicedPhrase;
  readonly observer: PhraseObserver;
}

/** Outlets whose phrases are heard when the test says so. */
export class FakeOutlets implements VoiceOutlets {
  readonly phrases: Outgoing[] = [];
  disposed = false;

  open(): Promise<VoiceOutlet> {
    const figures: OutletFigures = { waitingMs: 0, tempo: 1 };
    return Promise.resolve({
      figures,
      speak: (phrase, observer) => {
        if (!this.disposed) this.phrases.push({ phrase, observer });
      },
      [Symbol.dispose]: () => {
        this.disposed = true;
      },
    });
  }

  /** The phrase at this place is heard from its first packet to its last. */
  play(place: number, at: number): void {
    this.#at(place).started(at);
    this.#at(place).ended();
  }

  start(place: number, at: number): void {
    this.#at(place).started(at);
  }

  end(place: number): void {
    this.#at(place).ended();
  }

  lose(place: number, why: PhraseLoss): void {
    this.#at(place).dropped(why);
  }

  #at(place: number): PhraseObserver {
    const outgoing = this.phrases[place];
    if (outgoing === undefined) throw new Error(`no phrase ${place}`);
    return outgoing.observer;
  }
}
