import type { Caption, SpeakerKey } from '../../media/messages.ts';
import type { CaptionEvent } from '../protocol/events.ts';
import { LanguageTag } from '../protocol/ids.ts';
import type { HearChoice, PeerId } from '../protocol/ids.ts';
import { hearsAsIs } from './demand.ts';
import { sameLanguage, wantsTranslation } from './language.ts';
import { Readership } from './readership.ts';
import type { Readers } from './readership.ts';

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
  /** Its speaker has said it differently; what was heard changes no more. */
  readonly corrected?: true;
}

/** What decides how a line looks to one reader. */
export interface Reader {
  readonly peerId: PeerId;
  readonly hear: HearChoice;
  readonly hearOwn: boolean;
  /** Those whose words they read as spoken, too. */
  readonly originals?: ReadonlySet<PeerId>;
}

/** What was said in a meeting on the node that had it before. */
export interface CaptionPast {
  /** Oldest first. */
  readonly lines: readonly CaptionLine[];
  readonly readers: Readers;
}

/** What was said, in every language it is there in. */
export type SpokenWords = Pick<Caption, 'transcript' | 'translations'>;

export interface CaptionBounds {
  /** Lines told to someone who arrives. */
  readonly captionReplay: number;
  /** Lines kept; the oldest goes first. */
  readonly captionsKept: number;
}

/** Lines told to someone who comes back: more than are spoken while their place is kept. */
const MAX_MISSED = 500;

/**
 * The captions of a room. Every utterance gets the next sequence number when it is first heard of
 * and keeps it; every change of a line gets the next revision.
 */
export class CaptionLog {
  readonly #bounds: CaptionBounds;
  readonly #lines: Map<string, CaptionLine>;
  readonly #readership: Readership;
  #sequence: number;
  #revision: number;

  /**
   * Numbers begin at `openedAt` (ms since 1970), so that they go on growing in a meeting that is
   * opened again after a restart of the server, or on another one with its `past`.
   */
  constructor(bounds: CaptionBounds, openedAt: number, past?: CaptionPast) {
    this.#bounds = bounds;
    this.#sequence = openedAt;
    this.#revision = openedAt;
    const kept = past?.lines.slice(-bounds.captionsKept) ?? [];
    this.#lines = new Map(kept.map((line) => [lineKey(line.caption), line]));
    this.#readership = new Readership(past?.readers, openedAt);
  }

  /** Who may read which lines. */
  get readers(): Readers {
    return this.#readership.all;
  }

  /** A number above all that were given. */
  get next(): number {
    return Math.max(this.#sequence, this.#revision) + 1;
  }

  /** Takes news of an utterance and returns its line. */
  push(speaker: LineSpeaker, caption: Caption): CaptionLine {
    const key = lineKey(caption);
    const known = this.#lines.get(key);
    if (known?.corrected) return known;
    const sequence = known?.sequence ?? this.#sequence++;
    this.#revision += 1;
    const line = { sequence, revision: this.#revision, speaker, caption };
    this.#lines.set(key, line);
    if (this.#lines.size > this.#bounds.captionsKept) {
      const [oldest] = this.#lines.keys();
      if (oldest !== undefined) this.#lines.delete(oldest);
    }
    return line;
  }

  /** The line of this number, while it is kept. */
  find(sequence: number): CaptionLine | undefined {
    return this.#lines.values().find((line) => line.sequence === sequence);
  }

  /** Puts other words in the place of a line's, for good; undefined when it is no longer kept. */
  correct(sequence: number, words: SpokenWords): CaptionLine | undefined {
    const line = this.find(sequence);
    if (!line) return undefined;
    this.#revision += 1;
    const { gap: _, ...heard } = line.caption;
    const caption = { ...heard, ...words };
    const corrected = { ...line, revision: this.#revision, caption, corrected: true as const };
    this.#lines.set(lineKey(caption), corrected);
    return corrected;
  }

  /** Ends the unfinished lines of a speaker who is no longer heard; what was committed stays. */
  finish(speaker: SpeakerKey, gap?: 'failed'): readonly CaptionLine[] {
    return [...this.#lines.values()]
      .filter(({ caption }) => caption.speaker === speaker && !caption.final)
      .map((line) => this.push(line.speaker, ended(line.caption, gap)));
  }

  /** Someone is here from now on, and may read the last lines before. */
  arrive(peerId: PeerId): void {
    const [oldest = this.#sequence] = this.#lines.values().map(({ sequence }) => sequence);
    const [from = this.#sequence] = this.#recent.map(({ sequence }) => sequence);
    this.#readership.arrive(peerId, from, oldest);
  }

  /** Someone is here no more, and reads nothing that is said from now on. */
  depart(peerId: PeerId): void {
    this.#readership.depart(peerId, this.#sequence);
  }

  /** Finished lines that this person may read, oldest first. */
  readable(peerId: PeerId): readonly CaptionLine[] {
    return this.#inOrder.filter(
      ({ sequence, caption }) =>
        caption.final &&
        (caption.transcript.committed !== '' || caption.gap !== undefined) &&
        this.#readership.mayRead(peerId, sequence),
    );
  }

  /** The last finished lines as `reader` would have seen them, oldest first. */
  replay(reader: Reader): readonly CaptionEvent[] {
    return this.#recent
      .filter(({ caption }) => caption.final)
      .map((line) => captionFor(line, reader))
      .filter((event) => event.committed !== '' || event.gap !== undefined);
  }

  /** What a reader who knows all up to `revision` has missed, and what is not finished, as it is now. */
  since(revision: number, reader: Reader): readonly CaptionEvent[] {
    return this.#inOrder
      .filter((line) => line.revision > revision || !line.caption.final)
      .filter(({ sequence }) => this.#readership.mayRead(reader.peerId, sequence))
      .slice(-MAX_MISSED)
      .map((line) => captionFor(line, reader));
  }

  /** From the first of so many finished lines on, with what is begun or empty among them. */
  get #recent(): readonly CaptionLine[] {
    const lines = this.#inOrder;
    const said = lines.filter(({ caption }) => caption.final && saysSomething(caption));
    const first = said.at(-Math.min(this.#bounds.captionReplay, said.length));
    if (this.#bounds.captionReplay === 0) return [];
    return first === undefined ? lines : lines.slice(lines.indexOf(first));
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
  const own = speaker.peerId === reader.peerId;
  const translation = hearsAsIs(speaker, reader) ? undefined : translationOf(caption, own, reader);
  const base = {
    sequence,
    revision,
    ...speaker,
    source,
    final: caption.final,
    ...(caption.gap && { gap: caption.gap }),
    ...(line.corrected && { corrected: line.corrected }),
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

function saysSomething({ transcript, gap }: Caption): boolean {
  return transcript.committed !== '' || gap !== undefined;
}

function lineKey(caption: Caption): string {
  return `${caption.speaker} ${caption.utterance}`;
}
