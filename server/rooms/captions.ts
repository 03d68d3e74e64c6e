import type { Caption, SpeakerKey } from '../../media/messages.ts';
import type { CaptionEvent } from '../protocol/events.ts';
import { LanguageTag } from '../protocol/ids.ts';
import type { HearChoice, PeerId } from '../protocol/ids.ts';
import { sameLanguage, wantsTranslation } from './language.ts';

/** Who said a line, as it stays even after they have left. */
export interface LineSpeaker {
  readonly peerId: PeerId;
  readonly displayName: string;
  readonly colour: number;
}

/** One utterance as last heard of. */
export interface CaptionLine {
  readonly sequence: number;
  readonly revision: number;
  readonly speaker: LineSpeaker;
  readonly caption: Caption;
}

/** What decides how a line looks to one reader. */
export interface Reader {
  readonly peerId: PeerId;
  readonly hear: HearChoice;
  readonly hearOwn: boolean;
}

/**
 * The captions of a room. Every utterance gets the next sequence number when it is first heard of
 * and keeps it; every change of a line gets the next revision. At most `capacity` lines are kept;
 * the oldest goes first.
 */
export class CaptionLog {
  readonly #capacity: number;
  readonly #lines = new Map<string, CaptionLine>();
  #sequence: number;
  #revision: number;

  /**
   * Numbers begin at `openedAt` (ms since 1970), so that they go on growing in a meeting that is
   * opened again after a restart of the server.
   */
  constructor(capacity: number, openedAt: number) {
    this.#capacity = capacity;
    this.#sequence = openedAt;
    this.#revision = openedAt;
  }

  /** Takes news of an utterance and returns its line. */
  push(speaker: LineSpeaker, caption: Caption): CaptionLine {
    const key = lineKey(caption);
    const sequence = this.#lines.get(key)?.sequence ?? this.#sequence++;
    this.#revision += 1;
    const line = { sequence, revision: this.#revision, speaker, caption };
    this.#lines.set(key, line);
    if (this.#lines.size > this.#capacity) {
      const [oldest] = this.#lines.keys();
      if (oldest !== undefined) this.#lines.delete(oldest);
    }
    return line;
  }

  /** Ends the unfinished lines of a speaker who is no longer heard; what was committed stays. */
  finish(speaker: SpeakerKey, gap?: 'failed'): readonly CaptionLine[] {
    return [...this.#lines.values()]
      .filter(({ caption }) => caption.speaker === speaker && !caption.final)
      .map((line) => this.push(line.speaker, ended(line.caption, gap)));
  }

  /** Finished lines as `reader` would have seen them, oldest first. */
  replay(reader: Reader): readonly CaptionEvent[] {
    return this.#inOrder
      .filter(({ caption }) => caption.final)
      .map((line) => captionFor(line, reader))
      .filter((event) => event.committed !== '' || event.gap !== undefined);
  }

  /** What a reader who knows all up to `revision` has missed, and what is not finished, as it is now. */
  since(revision: number, reader: Reader): readonly CaptionEvent[] {
    return this.#inOrder
      .filter((line) => line.revision > revision || !line.caption.final)
      .map((line) => captionFor(line, reader));
  }

  get #inOrder(): readonly CaptionLine[] {
    return [...this.#lines.values()].sort((a, b) => a.sequence - b.sequence);
  }
}

/**
 * A line in the reader's language where the line has it, otherwise in the language spoken. One's
 * own words come as spoken, unless one asked to hear the translation of them. A finished line whose
 * translation failed falls back to the words spoken.
 */
export function captionFor(line: CaptionLine, reader: Reader): CaptionEvent {
  const { sequence, revision, speaker, caption } = line;
  const source = LanguageTag.parse(caption.source);
  const translation = translationOf(caption, speaker.peerId === reader.peerId, reader);
  const base = {
    sequence,
    revision,
    ...speaker,
    source,
    final: caption.final,
    ...(caption.gap && { gap: caption.gap }),
    startedAt: caption.startedAt,
  };
  if (!translation) return { ...base, ...caption.transcript, language: source, spoken: false };
  return {
    ...base,
    language: LanguageTag.parse(translation.language),
    committed: translation.committed,
    tentative: translation.tentative,
    original: caption.transcript,
    spoken: translation.spoken,
  };
}

function translationOf(caption: Caption, own: boolean, reader: Reader) {
  const { hear } = reader;
  if (own && !reader.hearOwn) return undefined;
  if (!wantsTranslation(LanguageTag.parse(caption.source), hear)) return undefined;
  const translation =
    caption.translations.find(({ language }) => language === hear) ??
    caption.translations.find(({ language }) => sameLanguage(language, hear));
  const failed = caption.final && translation?.committed === '' && caption.transcript.committed;
  return failed ? undefined : translation;
}

function ended(caption: Caption, gap: 'failed' | undefined): Caption {
  const still = <T extends { committed: string }>(text: T) => ({ ...text, tentative: '' });
  return {
    ...caption,
    transcript: still(caption.transcript),
    translations: caption.translations.map(still),
    final: true,
    ...(gap && { gap }),
  };
}

function lineKey(caption: Caption): string {
  return `${caption.speaker} ${caption.utterance}`;
}
