import { InferenceError } from '../../inference/protocol/inference-error.ts';
import { Continuation } from '../../inference/protocol/pool/continuation.ts';
import type {
  IncrementalText,
  SpeechResult,
  Translation,
} from '../../inference/protocol/task-models.ts';
import { concatenate, SPEECH_PER_MS } from '../audio.ts';
import type { Gap, Texts } from './captions.ts';
import type { RecoveringEngine } from './ports.ts';
import type { UtteranceTrace } from './utterance-trace.ts';

export interface UtteranceOptions {
  /** Speech gathered before a part is sent. */
  readonly speechPartMs: number;
  /** Longest wait for one answer. */
  readonly speechTimeoutMs: number;
}

/** What one utterance is to be recognised as. */
export interface UtteranceBrief {
  /** Unique among the sequences of the engine. */
  readonly nextSequence: () => number;
  readonly source: string;
  /** Who speaks, the same in all their utterances. */
  readonly speaker: string;
  /** Asked before each request. The list may grow while the utterance is spoken, never shrink. */
  readonly languages: () => readonly string[];
  readonly partial: (texts: Recognised) => void;
  readonly trace: Pick<UtteranceTrace, 'recognise'>;
}

/** Texts without a word on who hears them. */
export interface Recognised {
  readonly transcript: Texts['transcript'];
  /** `lost`: could not be made, whatever was said. */
  readonly translations: readonly (Texts['transcript'] & {
    readonly language: string;
    readonly lost: boolean;
  })[];
}

export type Outcome =
  | { readonly type: 'recognised'; readonly texts: Recognised }
  | { readonly type: 'given-up'; readonly gap: Gap };

const NOTHING: Translation = { committed: '', tentative: '' };

type State =
  | { readonly type: 'live' }
  /** The engine failed; the rest is gathered to be sent as a whole. */
  | { readonly type: 'retry' }
  | { readonly type: 'lost'; readonly gap: Gap };

/**
 * The recognition of one utterance while it is being spoken: parts of about half a second in one
 * sequence, so that little is left to do at its end. When the engine fails in a way worth a retry,
 * the rest is only gathered, and the whole utterance is sent once more as a single request. What was
 * told as committed stays.
 */
export class Utterance {
  readonly #engine: RecoveringEngine;
  readonly #options: UtteranceOptions;
  readonly #brief: UtteranceBrief;
  readonly #signal: AbortSignal;
  readonly #audio: Float32Array[] = [];
  #unsent: Float32Array[] = [];
  #unsentSamples = 0;
  #sequence: number;
  #open = false;
  /** The engine knows the sequence. */
  #begun = false;
  /** By language; the transcript's is none. */
  readonly #texts = new Map<string, Continuation>();
  #state: State = { type: 'live' };

  constructor(
    engine: RecoveringEngine,
    options: UtteranceOptions,
    brief: UtteranceBrief,
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#options = options;
    this.#brief = brief;
    this.#signal = signal;
    this.#sequence = brief.nextSequence();
  }

  /** Resolves once the engine has what makes a part; until then the next audio waits. */
  async add(samples: Float32Array): Promise<void> {
    if (this.#state.type === 'lost') return;
    this.#audio.push(samples);
    this.#unsent.push(samples);
    this.#unsentSamples += samples.length;
    if (this.#unsentSamples >= this.#options.speechPartMs * SPEECH_PER_MS) await this.catchUp();
  }

  /** Sends what has been gathered, however little. */
  async catchUp(): Promise<void> {
    if (this.#state.type !== 'live' || this.#unsentSamples === 0) return;
    const texts = await this.#attempt(() => this.#send({ end: false }));
    if (texts !== undefined) this.#brief.partial(texts);
  }

  /** Never rejects; after an abort the outcome means nothing. */
  async finish(): Promise<Outcome> {
    if (this.#state.type === 'live') {
      const texts = await this.#attempt(() => this.#send({ end: true }));
      if (texts !== undefined) return { type: 'recognised', texts };
    }
    if (this.#currentState.type === 'retry') {
      const texts = await this.#attempt(() => this.#sendWhole());
      if (texts !== undefined) return { type: 'recognised', texts };
    }
    const state = this.#currentState;
    return { type: 'given-up', gap: state.type === 'lost' ? state.gap : 'failed' };
  }

  /** Lets the engine forget the sequence, if it knows of it. */
  abandon(): void {
    if (!this.#open) return;
    this.#open = false;
    const nothing = new Float32Array(0);
    const request = { sequence: this.#sequence, start: false, end: true, abandoned: true };
    const signal = AbortSignal.timeout(this.#options.speechTimeoutMs);
    // The engine is free to have forgotten already; there is nothing left to report.
    this.#engine
      .speech({ ...request, audio: nothing, source: this.#brief.source, targets: [] }, signal)
      .catch(() => undefined);
  }

  /** Read anew after a wait, during which it may have changed. */
  get #currentState(): State {
    return this.#state;
  }

  async #attempt(send: () => Promise<Recognised>): Promise<Recognised | undefined> {
    try {
      return await send();
    } catch (error) {
      this.abandon();
      this.#state = this.#after(error);
      return undefined;
    }
  }

  #after(error: unknown): State {
    const isKnown = error instanceof InferenceError;
    // A later part is a bad request where the sequence got lost, as with servers behind one address.
    const isLost = isKnown && error.code === 'badRequest' && this.#begun;
    if (isLost || (isKnown && error.retryable)) return { type: 'retry' };
    return { type: 'lost', gap: isKnown && error.code === 'overloaded' ? 'skipped' : 'failed' };
  }

  async #send({ end }: { end: boolean }): Promise<Recognised> {
    const audio = concatenate(this.#unsent);
    this.#unsent = [];
    this.#unsentSamples = 0;
    const start = !this.#open;
    this.#open = true;
    const texts = await this.#request({ start, end, audio });
    if (end) this.#open = false;
    return texts;
  }

  async #sendWhole(): Promise<Recognised> {
    await this.#engine.recovered(this.#signal);
    this.#sequence = this.#brief.nextSequence();
    this.#begun = false;
    for (const text of this.#texts.values()) text.readAnew();
    return this.#request({ start: true, end: true, audio: concatenate(this.#audio) });
  }

  async #request(part: { start: boolean; end: boolean; audio: Float32Array }): Promise<Recognised> {
    const { source, speaker } = this.#brief;
    const targets = [...this.#brief.languages()];
    const timeout = AbortSignal.timeout(this.#options.speechTimeoutMs);
    const { start, end, audio } = part;
    const facts = { sequence: this.#sequence, start, end, audioMs: audio.length / SPEECH_PER_MS };
    const ask = () =>
      this.#engine.speech(
        { sequence: this.#sequence, ...part, source, speaker, targets },
        AbortSignal.any([this.#signal, timeout]),
      );
    const result = await this.#brief.trace.recognise(ask, facts);
    this.#begun = true;
    return this.#told(result, targets, part.end);
  }

  #told({ transcript, translations }: SpeechResult, targets: readonly string[], end: boolean) {
    const tell = (name: string, reading: IncrementalText): IncrementalText => {
      const text = this.#texts.get(name) ?? new Continuation();
      this.#texts.set(name, text);
      return text.tell(reading, end);
    };
    return {
      transcript: tell('', transcript),
      translations: targets.map((language, index) => {
        const { lost = false, ...reading } = translations[index] ?? NOTHING;
        return { language, ...tell(language, reading), lost };
      }),
    };
  }
}
