import type { Caption, IncrementalText, SpeakerKey } from '../messages.ts';
import type { Report } from './ports.ts';

/** What a caption line says of itself from its first word to its last. */
export interface CaptionLine {
  readonly speaker: SpeakerKey;
  readonly utterance: number;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export type Gap = NonNullable<Caption['gap']>;
export type Texts = Pick<Caption, 'transcript' | 'translations'>;

/**
 * The captions of one utterance: sent when their text has changed, and once as final. An utterance
 * in which no word was recognised leaves no trace, unless something was shown before; then a final
 * caption without text takes it back.
 */
export class Captions {
  readonly #line: CaptionLine;
  readonly #report: Report;
  #sent: string | undefined;
  #endedAt: number | undefined;
  #gap: Gap | undefined;
  #last: Texts = { transcript: { committed: '', tentative: '' }, translations: [] };

  constructor(line: CaptionLine, report: Report) {
    this.#line = line;
    this.#report = report;
  }

  /** The speech is over: its end goes with the final line. Milliseconds since 1970. */
  ended(at: number): void {
    this.#endedAt = at;
  }

  partial(texts: Texts): void {
    this.#last = texts;
    this.#send(texts, { final: false });
  }

  final(texts: Texts, gap?: Gap): void {
    this.#last = texts;
    this.#gap = gap;
    this.#send(texts, gap === undefined ? { final: true } : { final: true, gap });
  }

  /** Ends the line without a result: what was committed stays, and the gap is marked. */
  giveUp(languages: readonly string[], gap: Gap): void {
    const { transcript, translations } = this.#last;
    const texts = {
      transcript: settled(transcript),
      translations: languages.map((language) => ({
        language,
        ...settled(translations.find((text) => text.language === language)),
        spoken: false,
      })),
    };
    this.#send(texts, { final: true, gap });
  }

  /** The speaker is gone: a line that was begun ends with what was committed. */
  breakOff(): void {
    if (this.#sent === undefined) return;
    const { transcript, translations } = this.#last;
    const ended = translations.map((text) => ({ ...text, ...settled(text), spoken: false }));
    this.#send({ transcript: settled(transcript), translations: ended }, { final: true });
  }

  /** The line is final and its words stay, but they are not spoken in this language after all. */
  unspoken(language: string): void {
    const translations = this.#last.translations.map((text) =>
      text.language === language ? { ...text, spoken: false } : text,
    );
    this.final({ ...this.#last, translations }, this.#gap);
  }

  #send(texts: Texts, end: Pick<Caption, 'final' | 'gap'>): void {
    const content = JSON.stringify([texts, end]);
    const isUnseen = this.#sent === undefined && end.gap === undefined && isEmpty(texts);
    if (isUnseen || content === this.#sent) return;
    this.#sent = content;
    const endedAt = end.final && this.#endedAt !== undefined && { endedAt: this.#endedAt };
    this.#report({ type: 'caption', ...this.#line, ...texts, ...end, ...endedAt });
  }
}

const settled = (text: IncrementalText | undefined): IncrementalText => ({
  committed: text?.committed ?? '',
  tentative: '',
});

const isEmpty = ({ transcript, translations }: Texts): boolean =>
  [transcript, ...translations].every((text) => text.committed === '' && text.tentative === '');
