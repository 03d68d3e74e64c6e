import type { PeerId } from '../protocol/ids.ts';
import type { Attendance } from './attendance.ts';
import type { CaptionLine, CaptionLog } from './captions.ts';
import type { Chronicle } from './chronicle.ts';
import type { InterpretedSpeaker } from './interpreted-speaker.ts';
import type { Minutes } from './minutes.ts';
import type { News } from './news.ts';
import type { SpeakerListener } from './ports.ts';
import type { SpokenLanguages } from './spoken-languages.ts';
import type { TranslationStates } from './translation-states.ts';

export interface ProceedingsOptions {
  readonly attendance: Attendance;
  readonly captions: CaptionLog;
  readonly states: TranslationStates;
  readonly minutes: Minutes;
  readonly news: News;
  readonly spoken: SpokenLanguages;
  readonly chronicle?: Chronicle | undefined;
}

/** What is said in a room: heard from the media process, told to everyone, and kept. */
export class Proceedings {
  readonly #options: ProceedingsOptions;

  constructor(options: ProceedingsOptions) {
    this.#options = options;
  }

  /** Takes the words of one person from now on. */
  listenTo(peerId: PeerId): SpeakerListener {
    const { attendance, captions, states, news, spoken } = this.#options;
    const peer = attendance.find(peerId);
    const speaker = { peerId, displayName: peer?.displayName ?? '', colour: peer?.colour ?? 0 };
    return {
      onCaption: (caption) => {
        this.#tell([captions.push(speaker, caption)]);
      },
      onProgress: (progress) => {
        states.record(peerId, progress);
        news.states();
      },
      onLanguage: (heard) => {
        spoken.heard(peerId, heard);
      },
    };
  }

  /** Nobody listens to them any more; `failed` when nobody wanted that. */
  ended({ peerId, key }: InterpretedSpeaker, gap?: 'failed'): void {
    const { captions, states } = this.#options;
    states.forgetSpeaker(peerId);
    this.#tell(captions.finish(key, gap));
  }

  /** Its speaker has said it differently. */
  corrected(line: CaptionLine): void {
    this.#tell([line]);
  }

  #tell(lines: readonly CaptionLine[]): void {
    this.#options.news.captions(lines);
    this.#options.minutes.take(lines);
    const finished = lines.filter(({ caption }) => caption.final);
    if (finished.length > 0) this.#options.chronicle?.lines(finished);
  }
}
