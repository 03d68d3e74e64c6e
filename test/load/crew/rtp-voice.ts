import { isDtx } from '../../../media/opus/toc.ts';
import type { readPacket } from '../../support/sent-packets.ts';
import type { Judge } from './judge.ts';
import type { Tallying } from './tallying.ts';

const TICKS_PER_MS = 48;
const SEQUENCES = 0x1_0000;
const TIMESTAMPS = 0x1_0000_0000;
/** A frame that comes later than the next one is due is late. */
const LATE_MS = 20;

/** A translated voice as the packets arrive that an SFU would have got. */
export class RtpVoice {
  readonly #judge: Judge;
  readonly #tallying: Tallying;
  readonly #onSound: (now: number) => void;
  #last: { sequence: number; timestamp: number; place: number } | undefined;
  /** When the beginning of the stream would have come had nothing ever been late. */
  #origin = Infinity;

  constructor(judge: Judge, tallying: Tallying, onSound: (now: number) => void) {
    this.#judge = judge;
    this.#tallying = tallying;
    this.#onSound = onSound;
  }

  receive({ sequence, timestamp, payload }: ReturnType<typeof readPacket>, now: number): void {
    const last = this.#last ?? { sequence: sequence - 1, timestamp, place: 0 };
    const gap = (sequence - last.sequence + SEQUENCES) % SEQUENCES;
    const place = last.place + ((timestamp - last.timestamp + TIMESTAMPS) % TIMESTAMPS);
    this.#last = { sequence, timestamp, place };
    this.#tallying.count('received');
    if (gap > 1 && gap < SEQUENCES / 2) this.#tallying.count('lost', gap - 1);
    this.#origin = Math.min(this.#origin, now - place / TICKS_PER_MS);
    if (now - (this.#origin + place / TICKS_PER_MS) > LATE_MS) this.#tallying.count('late');
    if (isDtx(payload)) return;
    this.#onSound(now);
    this.#judge.sound(now);
  }
}
