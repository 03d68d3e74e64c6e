import { energy, SPEECH_PER_MS } from '../audio.ts';
import { LevelGate } from './level-gate.ts';
import { VAD_WINDOW } from './model.ts';
import type { Window } from './windows.ts';

export interface DetectorOptions {
  readonly vadThreshold: number;
  readonly vadRelease: number;
  readonly vadMinSpeechMs: number;
  readonly vadMinSilenceMs: number;
  readonly vadPreRollMs: number;
  readonly vadPostRollMs: number;
  readonly vadMaxUtteranceMs: number;
  readonly vadCutSearchMs: number;
}

export interface ScoredWindow extends Window {
  readonly probability: number;
}

/** Times are on the monotonic clock; when speech was, not when it was noticed. */
export type SpeechEvent =
  | { readonly type: 'start'; readonly startedAt: number }
  | { readonly type: 'audio'; readonly samples: Float32Array }
  /** Silence has begun: what was said so far is worth recognising now. */
  | { readonly type: 'pause' }
  | {
      readonly type: 'end';
      readonly reason: 'silence' | 'maximum' | 'cut';
      /** After the last voiced sample, before the silence that ended the utterance. */
      readonly speechEndedAt: number;
    };

const WINDOW_MS = VAD_WINDOW / SPEECH_PER_MS;
const windows = (ms: number): number => Math.ceil(ms / WINDOW_MS);

/**
 * Cuts scored windows into utterances. What the gate does not admit is no speech. Speech begins at a window of probability `vadThreshold` and
 * pauses below `vadRelease` (the hysteresis of Silero's VADIterator); it counts once
 * `vadMinSpeechMs` of it were heard, and brings `vadPreRollMs` of what came before. Silence of
 * `vadMinSilenceMs` ends it. Near the longest utterance audio is held back, so that the cut can
 * fall on its quietest window; the next utterance begins right there and nothing is lost.
 */
export class UtteranceDetector {
  readonly #options: DetectorOptions;
  readonly #gate = new LevelGate();
  #state: 'idle' | 'candidate' | 'speaking' = 'idle';
  /** Idle: the pre-roll. Candidate: everything since. Speaking: what is not put out yet. */
  #held: ScoredWindow[] = [];
  /** Windows put out of the running utterance. */
  #emitted = 0;
  /** Windows that counted as speech since the candidate began. */
  #voiced = 0;
  /** Windows since speech paused; 0 while it goes on. */
  #silent = 0;
  #paused = false;
  /** When the last window was complete. */
  #heardAt = 0;

  constructor(options: DetectorOptions) {
    this.#options = options;
  }

  /** Whether an utterance is, or may be, under way. */
  get active(): boolean {
    return this.#state !== 'idle';
  }

  /** From the next window on, what is quieter (dBFS) is no speech; `null`: nothing is too quiet. */
  setGate(gateDb: number | null): void {
    this.#gate.gateDb = gateDb;
  }

  push(window: ScoredWindow): readonly SpeechEvent[] {
    this.#heardAt = window.arrivedAt;
    this.#held.push(window);
    const probability = this.#gate.admits(window.samples) ? window.probability : 0;
    const isSpeech = probability >= this.#options.vadThreshold;
    const isSilence = probability < this.#options.vadRelease;
    if (isSpeech) this.#silent = 0;
    else if (isSilence || this.#silent > 0) this.#silent += 1;
    switch (this.#state) {
      case 'idle':
        return isSpeech ? this.#suspect() : this.#keepPreRoll();
      case 'candidate':
        return this.#weigh();
      case 'speaking':
        return this.#follow();
    }
  }

  /** Ends what is under way at once: muted, another language, stream gone. */
  flush(): readonly SpeechEvent[] {
    const out = this.#state === 'speaking' ? [...this.#emitHeld(), this.#end('cut')] : [];
    this.#reset();
    this.#held = [];
    return out;
  }

  #suspect(): readonly SpeechEvent[] {
    this.#state = 'candidate';
    this.#voiced = 0;
    return this.#weigh();
  }

  #weigh(): readonly SpeechEvent[] {
    if (this.#silent === 0) this.#voiced += 1;
    if (this.#voiced >= windows(this.#options.vadMinSpeechMs)) return this.#begin();
    if (this.#silent < windows(this.#options.vadMinSilenceMs)) return [];
    this.#reset();
    return this.#keepPreRoll();
  }

  #begin(): readonly SpeechEvent[] {
    this.#state = 'speaking';
    this.#emitted = 0;
    this.#paused = false;
    const [first] = this.#held;
    const startedAt = first === undefined ? this.#heardAt : first.arrivedAt - WINDOW_MS;
    return [{ type: 'start', startedAt }, ...this.#emitHeld()];
  }

  #follow(): readonly SpeechEvent[] {
    if (this.#silent === 0) this.#paused = false;
    if (this.#silent >= windows(this.#options.vadMinSilenceMs)) {
      const out = [...(this.#paused ? [] : this.#emitHeld()), this.#end('silence')];
      this.#reset();
      this.#keepPreRoll();
      return out;
    }
    if (this.#length >= windows(this.#options.vadMaxUtteranceMs)) return this.#cut();
    if (this.#silent > windows(this.#options.vadPostRollMs)) return this.#pause();
    return this.#mayBeCutLater ? [] : this.#emitHeld();
  }

  /** The silence after the post-roll is held back: it is sent only if speech goes on. */
  #pause(): readonly SpeechEvent[] {
    if (this.#paused) return [];
    this.#paused = true;
    return [...this.#emitHeld(), { type: 'pause' }];
  }

  /** Ends at the quietest window held and goes on from there. */
  #cut(): readonly SpeechEvent[] {
    const rest = this.#held.splice(indexOfQuietest(this.#held) + 1);
    const speechEndedAt = this.#held.at(-1)?.arrivedAt ?? this.#heardAt;
    const head = this.#emitHeld();
    this.#held = rest;
    return [...head, { type: 'end', reason: 'maximum', speechEndedAt }, ...this.#begin()];
  }

  #end(reason: 'silence' | 'cut'): SpeechEvent {
    return { type: 'end', reason, speechEndedAt: this.#heardAt - this.#silent * WINDOW_MS };
  }

  get #length(): number {
    return this.#emitted + this.#held.length;
  }

  get #mayBeCutLater(): boolean {
    const { vadMaxUtteranceMs, vadCutSearchMs } = this.#options;
    return this.#length > windows(vadMaxUtteranceMs - vadCutSearchMs);
  }

  #emitHeld(): readonly SpeechEvent[] {
    const out = this.#held.map(({ samples }) => ({ type: 'audio' as const, samples }));
    this.#emitted += out.length;
    this.#held = [];
    return out;
  }

  #keepPreRoll(): readonly SpeechEvent[] {
    const keep = windows(this.#options.vadPreRollMs);
    if (this.#held.length > keep) this.#held.splice(0, this.#held.length - keep);
    return [];
  }

  #reset(): void {
    this.#state = 'idle';
    this.#emitted = 0;
    this.#silent = 0;
    this.#paused = false;
  }
}

function indexOfQuietest(held: readonly ScoredWindow[]): number {
  let best = 0;
  let least = Infinity;
  for (const [index, { samples }] of held.entries()) {
    const loudness = energy(samples);
    if (loudness < least) [best, least] = [index, loudness];
  }
  return best;
}
