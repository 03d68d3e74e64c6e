import type { PeerId, RoomId } from '../protocol/ids.ts';
import type { TranscriptLine } from '../transcripts/line.ts';
import type { TranscriptState } from '../protocol/events.ts';
import type { CaptionLine } from './captions.ts';

/** Where what is to be kept in writing goes. */
export interface TranscriptSink {
  /** Never throws and never waits. */
  write(roomId: RoomId, line: TranscriptLine): void;
  state(roomId: RoomId): TranscriptState;
}

/** What is kept in writing of one meeting: finished lines of those who agreed, and of nobody else. */
export class Minutes {
  readonly #roomId: RoomId;
  readonly #sink: TranscriptSink | undefined;
  readonly #agreed = new Set<PeerId>();

  /** Without a sink nothing is kept. */
  constructor(roomId: RoomId, sink: TranscriptSink | undefined) {
    this.#roomId = roomId;
    this.#sink = sink;
  }

  get state(): TranscriptState {
    return this.#sink?.state(this.#roomId) ?? 'off';
  }

  /** What someone says of it when they join holds for their words from now on. */
  note(peerId: PeerId, agrees: boolean): void {
    if (agrees) this.#agreed.add(peerId);
    else this.#agreed.delete(peerId);
  }

  take(lines: readonly CaptionLine[]): void {
    if (!this.#sink) return;
    for (const { sequence, speaker, caption } of lines) {
      const empty = caption.transcript.committed === '' && caption.gap === undefined;
      if (!caption.final || empty || !this.#agreed.has(speaker.peerId)) continue;
      this.#sink.write(this.#roomId, {
        sequence,
        startedAt: caption.startedAt,
        speaker: speaker.displayName,
        source: caption.source,
        original: caption.transcript.committed,
        translations: caption.translations.map(({ language, committed }) => ({
          language,
          text: committed,
        })),
        ...(caption.gap && { gap: caption.gap }),
      });
    }
  }
}
