import type { CallStats } from '../../server/protocol/stats.ts';
import { readQuality } from '../media/connection-quality.ts';
import { readPlaying } from '../media/playing.ts';
import type { BrowserFigures } from '../under-the-hood.ts';
import { failureOf } from './stay.ts';

const LOOK_MS = 2_000;

export interface HoodOptions {
  /** Asks the server; rejects when it cannot tell. */
  readonly ask: () => Promise<CallStats>;
  /** Statistics of the connections, the receiving one last. */
  readonly reports: () => Promise<readonly RTCStatsReport[]>;
}

/** What can be measured of the call, looked at every two seconds while somebody watches. */
export class Hood {
  /** Undefined until the first answer. */
  server: CallStats | 'unavailable' | undefined = $state.raw();
  browser: BrowserFigures | undefined = $state.raw();
  readonly #options: HoodOptions;
  #looking = false;

  constructor(options: HoodOptions) {
    this.#options = options;
  }

  /** Looks now and again until the function it returns is called; rests while the page is hidden. */
  watch(): () => void {
    const look = (): void => {
      if (document.visibilityState === 'visible') void this.#look();
    };
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  /** The call is over. */
  reset(): void {
    this.server = undefined;
    this.browser = undefined;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const [server, reports] = await Promise.all([
      this.#options.ask().catch((error: unknown) => this.#unanswered(error)),
      this.#options.reports().catch(() => []),
    ]);
    this.#looking = false;
    this.server = server;
    const receiving = reports.at(-1);
    if (receiving === undefined) return;
    const qualities = reports.map(readQuality);
    // Who is alone sends but receives nothing yet; both ways are the same.
    const way = qualities.find(({ path }) => path !== undefined) ?? readQuality(receiving);
    this.browser = {
      quality: { ...way, received: readQuality(receiving).received },
      playing: readPlaying(receiving),
    };
  }

  /** What is shown when no figures came: while there is no connection, those from before. */
  #unanswered(error: unknown): Hood['server'] {
    return failureOf(error) === 'unreachable' ? this.server : 'unavailable';
  }
}
