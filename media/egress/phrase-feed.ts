import { VOICE_FRAME_MS } from '../audio.ts';
import type { Clock } from '../clock.ts';
import type { StageMeter } from '../stage.ts';
import type { MediaOptions } from '../options.ts';
import { AS_SPOKEN, LagBand } from './lag-band.ts';
import type { LagOptions } from './lag-band.ts';
import { PhraseLine } from './phrase-line.ts';
import type { LostPhrase, WaitingPhrase } from './phrase-line.ts';
import { PhraseReader } from './phrase-reader.ts';
import { PlayoutQueue } from './playout-queue.ts';
import type { PlayoutFrame } from './playout-queue.ts';
import type { OutletFigures, PhraseObserver, VoicedPhrase } from './ports.ts';
import { Rendering } from './rendering.ts';
import type { Resampler } from './resample.ts';

export type FeedOptions = LagOptions & Pick<MediaOptions, 'playoutMs'>;

export interface FeedShared {
  readonly clock: Pick<Clock, 'now'>;
  readonly resampler: Resampler;
  /** Counts phrases. */
  readonly playout: StageMeter;
}

/** Audio kept ready; enough for the next phrase to get its converter without a gap. */
const AHEAD_MS = 100;

interface Playing extends WaitingPhrase {
  readonly rendering: Rendering;
}

/**
 * The phrases of one voice, made into frames just ahead of time, so that each piece is played at
 * the pace that the lag of its moment asks for and work comes in small portions.
 */
export class PhraseFeed implements Disposable {
  readonly #shared: FeedShared;
  readonly #band: LagBand;
  readonly #line: PhraseLine;
  readonly #queue = new PlayoutQueue<PhraseObserver>();
  readonly #filled: () => void;
  #playing: Playing | undefined;
  #opening = false;
  #pace = AS_SPOKEN;
  #closed = false;

  /** `filled` is told when there is something to pull after there was nothing. */
  constructor(shared: FeedShared, options: FeedOptions, filled: () => void) {
    this.#shared = shared;
    this.#band = new LagBand(options);
    this.#line = new PhraseLine(options.playoutMs, this.#band);
    this.#filled = filled;
  }

  get figures(): OutletFigures {
    return {
      waitingMs: Math.round(this.#leftMs + this.#line.waitingMs),
      tempo: this.#pace.tempo,
    };
  }

  add(phrase: VoicedPhrase, observer: PhraseObserver): void {
    this.#shared.playout.in();
    this.#lose(this.#line.push({ reader: new PhraseReader(phrase), observer }));
    this.#dropLate();
    void this.#open();
  }

  /** The next frame; what is played after it is got ready. */
  pull(): PlayoutFrame<PhraseObserver> | undefined {
    this.#render();
    return this.#queue.pull();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#playing?.rendering[Symbol.dispose]();
    this.#playing = undefined;
  }

  get #leftMs(): number {
    return this.#queue.bufferedMs + (this.#playing?.reader.leftMs ?? 0);
  }

  /** Opens the next phrase unless one is open. */
  async #open(): Promise<void> {
    if (this.#opening || this.#playing !== undefined || this.#closed) return;
    this.#dropLate();
    const next = this.#line.shift();
    if (next === undefined) return;
    this.#opening = true;
    try {
      const rendering = await Rendering.create(next.reader, this.#shared.resampler);
      if (this.#isClosed()) {
        rendering[Symbol.dispose]();
        return;
      }
      this.#playing = { ...next, rendering };
      this.#queue.begin(next.observer);
    } catch {
      this.#lose([{ ...next, reason: 'failed' }]);
    } finally {
      this.#opening = false;
    }
    this.#filled();
    void this.#open();
  }

  // After an await the compiler would take the earlier answer for granted.
  #isClosed(): boolean {
    return this.#closed;
  }

  #render(): void {
    const playing = this.#playing;
    if (playing === undefined) {
      if (this.#line.empty && this.#queue.bufferedMs === 0) this.#pace = AS_SPOKEN;
      return;
    }
    const { reader, rendering } = playing;
    if (this.#queue.bufferedMs >= AHEAD_MS) return;
    // One piece at a time, unless it takes more to have a frame at all: others are waiting too.
    do {
      this.#pace = this.#band.next(this.#lagMs(reader), this.#pace);
      this.#queue.push(rendering.next(this.#pace));
    } while (this.#queue.bufferedMs < VOICE_FRAME_MS && !reader.done);
    if (!reader.done) return;
    rendering[Symbol.dispose]();
    this.#playing = undefined;
    this.#shared.playout.out(1);
    if (this.#queue.end()) playing.observer.ended();
    void this.#open();
  }

  /** How late the phrase is where it is now, or the latest of those behind it will begin. */
  #lagMs(reader: PhraseReader): number {
    const now = this.#shared.clock.now();
    const here = now + this.#leftMs - reader.speechEndedAt - reader.lengthMs;
    return Math.max(here, this.#line.lagMs(now, this.#leftMs));
  }

  #dropLate(): void {
    const needed = this.#queue.bufferedMs + (this.#playing?.reader.neededMs ?? 0);
    this.#lose(this.#line.dropLate(this.#shared.clock.now(), needed));
  }

  #lose(lost: readonly LostPhrase[]): void {
    for (const { observer, reason } of lost) {
      this.#shared.playout.drop(reason);
      observer.dropped(reason);
    }
  }
}
