import type { Audience } from './audience.ts';
import { Captions } from './captions.ts';
import type { CaptionLine } from './captions.ts';
import type { SpeakerShared } from './shared.ts';
import { Utterance } from './utterance.ts';
import type { Recognised } from './utterance.ts';

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
  #skipped = false;

  constructor(shared: SpeakerShared, audience: Audience, line: CaptionLine, signal: AbortSignal) {
    this.#shared = shared;
    this.#audience = audience;
    this.#signal = signal;
    this.#captions = new Captions(line, shared.report);
    const brief = {
      nextSequence: shared.nextSequence,
      source: line.source,
      speaker: line.speaker,
      languages: () => this.#join(),
      partial: (texts: Recognised) => {
        this.#captions.partial(audience.withVoices(texts));
      },
    };
    this.#utterance = new Utterance(shared.engine, shared.options, brief, signal);
    this.#join();
  }

  hear(samples: Float32Array): Promise<void> {
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
    const outcome = await this.#utterance.finish();
    const recognisedAt = clock.now();
    if (this.#signal.aborted) {
      this.abandon();
      return;
    }
    if (outcome.type === 'given-up') {
      metrics.utterance(outcome.gap);
      this.#captions.giveUp(this.#languages, outcome.gap);
      for (const language of this.#languages) this.#audience.status(language).settled('failed');
      return;
    }
    metrics.latency('endpoint', endedAt - speechEndedAt);
    metrics.latency('recognise', recognisedAt - endedAt);
    metrics.utterance(outcome.texts.transcript.committed === '' ? 'empty' : 'translated');
    const texts = this.#audience.withVoices(outcome.texts);
    this.#captions.final(texts, this.#skipped ? 'skipped' : undefined);
    for (const { language, committed, lost } of outcome.texts.translations) {
      if (lost) this.#audience.status(language).settled('failed');
      else this.#speak(language, committed, { speechEndedAt, recognisedAt });
    }
  }

  /** The speaker is gone before the end. */
  abandon(): void {
    this.#shared.metrics.utterance('abandoned');
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
    voice.say({ text, ...times, status, unspoken });
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
