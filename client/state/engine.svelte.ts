import type { EngineInfo } from '../../server/protocol/events.ts';
import { serverInfo } from '../api.ts';

const UNKNOWN: EngineInfo = {
  ...{ state: 'starting', name: '' },
  ...{ pairs: [], recognises: [], texts: [], identifies: [] },
};
const ASK_AGAIN_MS = 3_000;

/** What the server's engine can do, as last told. */
export class Engine {
  info: EngineInfo = $state.raw(UNKNOWN);
  /** True until the server has said anything. */
  readonly unknown = $derived(this.info === UNKNOWN);
  readonly ready = $derived(this.info.state === 'ready');

  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  /** Asks until the engine is ready; in a call the server tells by itself. */
  async ask(): Promise<void> {
    this.stop();
    const round = this.#round;
    const answer = await serverInfo().catch(() => undefined);
    if (round !== this.#round) return;
    if (answer !== undefined) this.info = answer.engine;
    if (this.info.state !== 'ready') {
      this.#timer = setTimeout(() => void this.ask(), ASK_AGAIN_MS);
    }
  }

  /** Asks no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#round += 1;
  }

  tell(info: EngineInfo): void {
    this.stop();
    this.info = info;
  }
}
