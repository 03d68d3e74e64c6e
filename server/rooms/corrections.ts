import type { SpeakerKey, LanguageText } from '../../media/messages.ts';
import { RequestError } from '../errors.ts';
import { Limiter } from '../limiter.ts';
import type { Logger } from '../log.ts';
import { LanguageTag } from '../protocol/ids.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { CaptionLine, CaptionLog } from './captions.ts';
import { findPair } from './language.ts';
import type { Peer } from './peer.ts';
import type { SpeechMedia } from './ports.ts';

/** How long after its end a line can be said differently. */
export const CORRECTABLE_MS = 5 * 60_000;
/** Corrections of one person. */
const CORRECTIONS = { points: 5, windowMs: 10_000 };

export interface CorrectionsOptions {
  readonly captions: CaptionLog;
  /** The media process that serves the room now. */
  readonly media: () => SpeechMedia;
  /** Has a person's voices say these; resolves to the languages in which somebody hears it. */
  readonly speak: (
    peerId: PeerId,
    speaker: SpeakerKey,
    texts: readonly LanguageText[],
  ) => Promise<readonly string[]>;
  /** A line has other words. */
  readonly tell: (line: CaptionLine) => void;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
}

/** What people say differently: translated again, spoken again, and put in the place of the line. */
export class Corrections {
  readonly #options: CorrectionsOptions;
  readonly #limiter = new Limiter(CORRECTIONS);
  /** The last correction of each line that is on its way. */
  readonly #latest = new Map<number, string>();

  constructor(options: CorrectionsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when it is accepted; the line follows once it is translated. Rejects with a RequestError
   * 'rateLimited', or 'notFound' for what is no finished line of theirs, or an old one.
   */
  async correct(peer: Peer, sequence: number, text: string): Promise<void> {
    await this.#limiter.take(peer.id);
    const { captions, now } = this.#options;
    const line = captions.find(sequence);
    if (!line || !isCorrectable(line, peer.id, now())) {
      throw new RequestError('notFound', 'no line of yours that can still be corrected');
    }
    const last = this.#latest.get(sequence) ?? line.caption.transcript.committed;
    if (text !== last) void this.#replace(line, peer, text);
  }

  /** Whoever corrects a line twice means the last. */
  async #replace({ sequence, caption }: CaptionLine, peer: Peer, text: string): Promise<void> {
    this.#latest.set(sequence, text);
    const languages = caption.translations.map(({ language }) => language);
    const texts = peer.consents ? await this.#translate(text, caption.source, languages) : [];
    if (this.#latest.get(sequence) !== text) return;
    const spoken = await this.#speak(peer.id, caption.speaker, texts);
    if (this.#latest.get(sequence) !== text) return;
    this.#latest.delete(sequence);
    const line = this.#options.captions.correct(sequence, {
      transcript: settled(text),
      translations: languages.map((language) => ({
        ...settled(texts.find((made) => made.language === language)?.text ?? ''),
        language,
        spoken: spoken.includes(language),
      })),
    });
    if (line) this.#options.tell(line);
  }

  /** What cannot be spoken is read. */
  async #speak(
    peerId: PeerId,
    speaker: SpeakerKey,
    texts: readonly LanguageText[],
  ): Promise<readonly string[]> {
    try {
      return await this.#options.speak(peerId, speaker, texts);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a correction could not be spoken');
      return [];
    }
  }

  /** Into those of the languages that text is translated into; empty when it could not be made. */
  async #translate(
    text: string,
    spoken: string,
    languages: readonly string[],
  ): Promise<readonly LanguageText[]> {
    const { media, log } = this.#options;
    const pairs = { pairs: media().engine.texts };
    const possible = languages.flatMap((language) => {
      const pair = findPair(pairs, LanguageTag.parse(spoken), LanguageTag.parse(language));
      return pair ? [{ language, target: pair.target }] : [];
    });
    if (possible.length === 0) return [];
    const targets = possible.map(({ target }) => target);
    try {
      const texts = await media().translateText({ text, source: spoken, targets });
      return possible
        .map(({ language }, index) => ({ language, text: texts[index] ?? '' }))
        .filter((made) => made.text.trim() !== '');
    } catch (error) {
      log.warn({ err: error }, 'a correction could not be translated');
      return [];
    }
  }
}

function isCorrectable({ speaker, caption }: CaptionLine, peerId: PeerId, now: number): boolean {
  const said = caption.transcript.committed !== '' || caption.gap !== undefined;
  const age = now - (caption.endedAt ?? caption.startedAt);
  return speaker.peerId === peerId && caption.final && said && age <= CORRECTABLE_MS;
}

const settled = (committed: string) => ({ committed, tentative: '' });
