import type { PeerInfo } from '../protocol/events.ts';
import type { ConsumerId, ProducerId } from '../protocol/ids.ts';

export type NetworkTrouble = NonNullable<PeerInfo['network']>;

/**
 * Scores are mediasoup's, 0 to 10: ten times the fourth power of the share of packets that came
 * through, weighed over the last reports (RtpStream.cpp). 7 is a loss of about 8 %, where speech
 * begins to suffer in spite of error correction; 4 is a fifth.
 */
const WEAK = 7;
const POOR = 4;

/**
 * How one person's connection fares, both ways, as the SFU sees it: the worst of the tracks they
 * send and receive. Undefined while it is good.
 */
export class Network {
  readonly #scores = new Map<ProducerId | ConsumerId, number>();
  #trouble: NetworkTrouble | undefined;
  /** Called when `trouble` is another than before. */
  onChange: () => void = () => undefined;

  get trouble(): NetworkTrouble | undefined {
    return this.#trouble;
  }

  score(track: ProducerId | ConsumerId, score: number): void {
    this.#scores.set(track, score);
    this.#judge();
  }

  /** The track is closed or paused: what was last heard of it says nothing any more. */
  forget(track: ProducerId | ConsumerId): void {
    if (this.#scores.delete(track)) this.#judge();
  }

  #judge(): void {
    const worst = Math.min(10, ...this.#scores.values());
    const trouble = worst <= POOR ? 'poor' : worst <= WEAK ? 'weak' : undefined;
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.onChange();
  }
}
