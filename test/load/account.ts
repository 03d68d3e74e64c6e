import { quantile } from '../bench/result.ts';
import { COUNTED } from './crew/messages.ts';
import type { Counted, Counts, Tally, Took } from './crew/messages.ts';
import type { Durations, Moment, Report, Second } from './report.ts';

/** What is kept of each kind for the picture; of more, every second one is left out. */
const MOST_MOMENTS = 4_000;

/** What all crews have told, put together second by second. */
export class Account {
  readonly #beganAt: number;
  readonly #totals = new Map<Counted, number>(COUNTED.map((what) => [what, 0]));
  readonly #joins: Took[] = [];
  readonly #firstVoices: Took[] = [];
  readonly #voices: Took[] = [];
  readonly #refusals = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #delays: number[] = [];
  readonly #seconds: Second[] = [];
  #complete = false;
  #frames = { all: 0, late: 0 };

  /** `beganAt`: CLOCK_MONOTONIC. */
  constructor(beganAt: number) {
    this.#beganAt = beganAt;
  }

  add({ joins, firstVoices, voices, counts, refusals, faults, loopDelayMs }: Tally): void {
    for (const what of COUNTED) this.#totals.set(what, this.total(what) + counts[what]);
    this.#joins.push(...joins);
    this.#firstVoices.push(...firstVoices);
    this.#voices.push(...voices);
    addAll(this.#refusals, refusals);
    addAll(this.#faults, faults);
    if (this.#complete) this.#delays.push(loopDelayMs);
  }

  /** Everybody is in: what making their codecs and connections has cost the crews no longer matters. */
  complete(): void {
    this.#complete = true;
  }

  total(what: Counted): number {
    return this.#totals.get(what) ?? 0;
  }

  get refusals(): Counts {
    return Object.fromEntries(this.#refusals);
  }

  /** 95 % of what joins and voices took so far. */
  get joinMs(): number | undefined {
    return durations(this.#joins)?.p95;
  }

  get voiceMs(): number | undefined {
    return durations(this.#voices)?.p95;
  }

  /** Share of the frames of the last second that were late. */
  get lateNow(): number | undefined {
    const { frames = 0, lateFrames = 0 } = this.#seconds.at(-1) ?? {};
    return frames === 0 ? undefined : lateFrames / frames;
  }

  /** A second is over; `now` on CLOCK_MONOTONIC. */
  tick(now: number): void {
    const late = this.total('late');
    const all = this.total('received') + late;
    this.#seconds.push({
      atMs: Math.round(now - this.#beganAt),
      present: this.total('present'),
      frames: all - this.#frames.all,
      lateFrames: late - this.#frames.late,
    });
    this.#frames = { all, late };
  }

  /** All but what the load was and what it cost. */
  measures(asked: number) {
    const [received, late, lost] = [this.total('received'), this.total('late'), this.total('lost')];
    const [said, heard, captions] = [
      this.total('said'),
      this.total('heard'),
      this.total('captions'),
    ];
    return {
      joins: { asked, done: this.#joins.length, ms: durations(this.#joins) },
      firstVoiceMs: durations(this.#firstVoices),
      voiceMs: durations(this.#voices),
      frames: { received, late, lost, lateShare: share(late, received + late) },
      phrases: {
        ...{ said, heard, captions },
        heardShare: share(heard, said),
        captionsEach: share(captions, said),
      },
      refusals: this.refusals,
      faults: Object.fromEntries(this.#faults),
    } satisfies Partial<Report>;
  }

  /** In 95 of 100 seconds no event loop of a crew was held up longer. */
  get loopDelayMs(): number {
    return this.#delays.length === 0 ? 0 : quantile(this.#delays, 0.95);
  }

  get series(): Report['series'] {
    return {
      seconds: thinned(this.#seconds),
      joins: thinned(this.#joins).map((took) => this.#moment(took)),
      voices: thinned(this.#voices).map((took) => this.#moment(took)),
    };
  }

  #moment({ at, ms }: Took): Moment {
    return { atMs: Math.round(at - this.#beganAt), ms: Math.round(ms) };
  }
}

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

function durations(took: readonly Took[]): Durations | null {
  if (took.length === 0) return null;
  const all = took.map(({ ms }) => ms);
  const [p50, p95] = [quantile(all, 0.5), quantile(all, 0.95)];
  return { count: took.length, p50, p95, max: all.reduce((most, ms) => Math.max(most, ms), 0) };
}

function addAll(counts: Map<string, number>, more: Counts): void {
  for (const [key, count] of Object.entries(more)) counts.set(key, (counts.get(key) ?? 0) + count);
}

function thinned<T>(moments: readonly T[]): T[] {
  const step = Math.ceil(moments.length / MOST_MOMENTS);
  return moments.filter((_, index) => index % Math.max(1, step) === 0);
}
