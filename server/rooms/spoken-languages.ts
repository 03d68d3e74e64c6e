import type { HeardLanguages } from '../../media/messages.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { Attendance } from './attendance.ts';
import type { News } from './news.ts';

export interface SpokenLanguagesOptions {
  readonly attendance: Attendance;
  readonly news: News;
  /** Something that decides who hears what has changed. */
  readonly changed: () => void;
}

/**
 * Follows what people are heard to speak. The server decides, not the page: it knows at once what is
 * said next, and a page in the background may be asleep.
 */
export class SpokenLanguages {
  readonly #options: SpokenLanguagesOptions;

  constructor(options: SpokenLanguagesOptions) {
    this.#options = options;
  }

  heard(peerId: PeerId, languages: HeardLanguages): void {
    const { attendance, news, changed } = this.#options;
    const peer = attendance.find(peerId);
    const verdict = peer?.detection.judge(peer.speak, languages);
    if (peer === undefined || verdict === undefined) return;
    peer.line.tell('translation:heard', verdict);
    if (!verdict.applied) return;
    peer.speak = verdict.language;
    news.tell('peerUpdated', peer.info);
    changed();
  }
}
