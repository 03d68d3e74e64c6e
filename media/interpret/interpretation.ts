import { SPEECH_PER_MS } from '../audio.ts';
import type { Audience } from './audience.ts';
import { Captions } from './captions.ts';
import type { CaptionLine } from './captions.ts';
import type { UtteranceOutcome } from '../metrics.ts';
import type { SpeakerShared } from './shared.ts';
import { Utterance } from './utterance.ts';
import type { UtteranceTrace } from './utterance-trace.ts';
import type { Recognised } from './utterance.ts';

/** What is known of an utterance when it begins. */
export interface Begun {
  readonly line: CaptionLine;
  /** On the clock's scale. */
  readonly startedAt: number;
  readonly trace: UtteranceTrace;
  /** What the room is called in logs. */
  readonly room: string | undefined;
}

/**
 * One utterance from its first word to the voices that will speak it: recognition as it is spoken,
 * captions as they change, state per language. A language wanted while the utterance is under way
 * joins it; one no longer wanted stays to the end, so that each line that was begun is finished.
 */
export class Interpretation {
  readonly #shared: SpeakerShared;
  readonly #audience: Audience;
  readonly #captions: Captions;
  readonly #utterance: Utterance;
  readonly #signal: AbortSignal;
  readonly #languages: string[] = [];
  readonly #begun: Begun;
  #skipped = false;
  #shown = false;

  constructor(shared: SpeakerShared, audience: Audience, begun: Begun, signal: AbortSignal) {
    const { line, trace } = begun;
    this.#shared = shared;
    this.#audience = audience;
    this.#begun = begun;
    this.#signal = signal;
    this.#captions = new Captions(line, shared.report);
    const brief = {
      nextSequence: shared.nextSequence,
      source: line.source,
      speaker: line.speaker,
      trace,
      languages: () => this.#join(),
      partial: (texts: Recognised) => {
        this.#sees(texts);
        this.#captions.partial(audience.withVoices(texts));
      },
    };
    this.#utterance = new Utterance(shared.engine, shared.options, brief, signal);
    this.#join();
  }

  hear(samples: Float32Array): Promise<void> {
    this.#shared.metrics.speech(samples.length / SPEECH_PER_MS);
    return this.#utterance.add(samples);
  }

  /** Has all that was heard recognised now. */
  catchUp(): Promise<void> {
    return this.#utterance.catchUp();
  }

  /** Part of the utterance was dropped before it could be recognised. */
  skipped(): void {
    this.#skipped = true;
  }

  /** Resolves when the texts are final; the voices go their own way. */
  async finish(speechEndedAt: number): Promise<void> {
    const { clock, metrics } = this.#shared;
    const endedAt = clock.now();
    this.#captions.ended(Math.round(clock.wall() - (endedAt - speechEndedAt)));
    this.#begun.trace.ended(speechEndedAt);
    const outcome = await this.#utterance.finish();
    const recognisedAt = clock.now();
    if (this.#signal.aborted) {
      this.abandon();
      return;
    }
    if (outcome.type === 'given-up') {
      this.#settle(outcome.gap);
      this.#captions.giveUp(this.#languages, outcome.gap);
      for (const language of this.#languages) this.#audience.status(language).settled('failed');
      return;
    }
    metrics.latency('endpoint', endedAt - speechEndedAt);
    metrics.latency('recognise', recognisedAt - endedAt);
    const { transcript } = outcome.texts;
    this.#sees(outcome.texts);
    if (transcript.committed !== '') metrics.captionLatency('final', recognisedAt - speechEndedAt);
    const texts = this.#audience.withVoices(outcome.texts);
    this.#captions.final(texts, this.#skipped ? 'skipped' : undefined);
    for (const { language, committed, lost } of outcome.texts.translations) {
      if (lost) this.#audience.status(language).settled('failed');
      else this.#speak(language, committed, { speechEndedAt, recognisedAt });
    }
    this.#settle(transcript.committed === '' ? 'empty' : 'translated');
  }

  /** The speaker is gone before the end. */
  abandon(): void {
    this.#settle('abandoned');
    this.#utterance.abandon();
    this.#captions.breakOff();
    for (const language of this.#languages) this.#audience.status(language).settled('done');
  }

  #speak(
    language: string,
    text: string,
    times: { speechEndedAt: number; recognisedAt: number },
  ): void {
    const status = this.#audience.status(language);
    const voice = this.#audience.voice(language);
    if (voice === undefined || text === '') {
      status.settled('done');
      return;
    }
    const unspoken = (): void => {
      this.#captions.unspoken(language);
    };
    const trace = this.#begun.trace.voice(language, times.recognisedAt);
    voice.say({ text, ...times, status, unspoken, trace });
  }

  /** The first words that can be shown are counted from the begin of speech. */
  #sees({ transcript }: Recognised): void {
    if (this.#shown || transcript.committed + transcript.tentative === '') return;
    this.#shown = true;
    const { clock, metrics } = this.#shared;
    metrics.captionLatency('first', clock.now() - this.#begun.startedAt);
  }

  /** What became of the utterance, told once. */
  #settle(outcome: UtteranceOutcome): void {
    const { metrics, log } = this.#shared;
    const { trace, room } = this.#begun;
    metrics.utterance(outcome);
    trace.settled(outcome);
    const isLost = outcome === 'failed' || outcome === 'skipped';
    log[isLost ? 'warn' : 'debug']({ trace: trace.id, room, outcome }, 'an utterance is over');
  }

  #join(): readonly string[] {
    for (const language of this.#audience.languages) {
      if (this.#languages.includes(language)) continue;
      this.#languages.push(language);
      this.#audience.status(language).began();
    }
    return this.#languages;
  }
}
