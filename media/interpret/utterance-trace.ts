import { spanned } from '../../inference/protocol/tracing/span.ts';
import type { Facts, Span, Tracer } from '../../inference/protocol/tracing/span.ts';
import type { Clock } from '../clock.ts';

export interface TraceShared {
  readonly tracer: Tracer;
  readonly clock: Pick<Clock, 'now' | 'wall'>;
}

/** A span, told in the time of the process's clock. */
class Told {
  readonly span: Span;
  /** Wall time of the clock's zero, the same for all of a trace. */
  readonly #origin: number;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(span: Span, origin: number, clock: Pick<Clock, 'now'>) {
    this.span = span;
    this.#origin = origin;
    this.#clock = clock;
  }

  static begin({ tracer, clock }: TraceShared, name: string, from: number, facts: Facts): Told {
    const origin = clock.wall() - clock.now();
    return new Told(tracer.begin(name, { at: from + origin, facts }), origin, clock);
  }

  child(name: string, from: number, facts: Facts = {}): Told {
    const span = this.span.child(name, { at: from + this.#origin, facts });
    return new Told(span, this.#origin, this.#clock);
  }

  end(at = this.#clock.now(), failed?: string): void {
    this.span.end({ at: at + this.#origin, ...(failed !== undefined && { failed }) });
  }

  /** A request to the engine, which goes on with the trace on its side. */
  asks<T>(name: string, ask: () => Promise<T>, facts: Facts = {}): Promise<T> {
    const now = (): number => this.#clock.now() + this.#origin;
    return spanned(this.span.child(name, { at: now(), peer: 'asked', facts }), ask, now);
  }
}

/**
 * One utterance as a trace tells it, from its first packet to the first packet of each voice:
 * `ingest` until it was noticed, `endpoint` until its end was, a `recognise` for each request, and in
 * each language `voice` and `playout`. It tells languages, times and outcomes, no words.
 */
export class UtteranceTrace {
  readonly #told: Told;
  /** The texts, and each voice. */
  #open = 1;

  private constructor(told: Told) {
    this.#told = told;
  }

  static begin(
    shared: TraceShared,
    { startedAt, ...facts }: { readonly startedAt: number; readonly source: string },
  ): UtteranceTrace {
    const told = Told.begin(shared, 'utterance', startedAt, facts);
    told.child('ingest', startedAt).end();
    return new UtteranceTrace(told);
  }

  /** What logs of all processes call the utterance, traced or not. */
  get id(): string {
    return this.#told.span.context.traceId;
  }

  /** The end of speech has been noticed. */
  ended(speechEndedAt: number): void {
    this.#told.child('endpoint', speechEndedAt).end();
  }

  recognise<T>(ask: () => Promise<T>, facts: Facts): Promise<T> {
    return this.#told.asks('recognise', ask, facts);
  }

  /** To be spoken in a language; the trace ends when nothing is left to be heard. */
  voice(language: string, recognisedAt: number): VoiceTrace {
    this.#open += 1;
    return new VoiceTrace(this.#told, { language, recognisedAt }, () => {
      this.#release();
    });
  }

  /** The texts are final, or there will be none. */
  settled(outcome: string): void {
    this.#told.span.add({ outcome });
    this.#release();
  }

  #release(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#told.end();
  }
}

/** A translation on its way from text to packets. */
export class VoiceTrace {
  readonly #whole: Told;
  readonly #voice: Told;
  readonly #onOver: () => void;
  #voiced = false;

  constructor(
    whole: Told,
    { language, recognisedAt }: { readonly language: string; readonly recognisedAt: number },
    onOver: () => void,
  ) {
    this.#whole = whole;
    this.#voice = whole.child('voice', recognisedAt, { language });
    this.#onOver = onOver;
  }

  /** Of a text that nobody has just said. */
  static alone(shared: TraceShared, language: string): VoiceTrace {
    const now = shared.clock.now();
    const whole = Told.begin(shared, 'correction', now, { language });
    return new VoiceTrace(whole, { language, recognisedAt: now }, () => {
      whole.end();
    });
  }

  synthesise<T>(ask: () => Promise<T>): Promise<T> {
    return this.#voice.asks('synthesise', ask);
  }

  /** All phrases have been made, or the rest will not be. */
  voiced(failed?: string): void {
    if (this.#voiced) return;
    this.#voiced = true;
    this.#voice.end(undefined, failed);
  }

  /** The first packet was sent. */
  heard(at: number, voicedAt: number): void {
    this.#whole.child('playout', voicedAt).end(at);
  }

  /** Nothing more will be heard. */
  over(): void {
    this.voiced('abandoned');
    this.#onOver();
  }
}
