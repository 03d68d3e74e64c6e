import { z } from 'zod';
import type { EngineState } from '../media/messages.ts';
import type { EngineInfo } from './protocol/events.ts';
import { LanguageTag } from './protocol/ids.ts';

const UNKNOWN: EngineInfo = {
  ...{ state: 'starting', name: '' },
  ...{ pairs: [], recognises: [], texts: [], identifies: [] },
};
const Tags = LanguageTag.array();
const Pairs = z
  .object({ source: LanguageTag, target: LanguageTag, via: LanguageTag.exactOptional() })
  .array();

/**
 * What is known of the engine. Its languages stay known while it restarts, so that tracks and
 * choices built on them need not be taken down for seconds.
 */
export class Engine {
  #info = UNKNOWN;

  get info(): EngineInfo {
    return this.#info;
  }

  update(state: EngineState): void {
    const { name } = state;
    if (state.state !== 'ready') {
      this.#info = { ...this.#info, state: state.state, name: name || this.#info.name };
      return;
    }
    this.#info = {
      state: 'ready',
      name,
      pairs: Pairs.parse(state.pairs),
      recognises: Tags.parse(state.recognises),
      texts: Pairs.parse(state.texts),
      identifies: Tags.parse(state.identifies),
    };
  }

  /** The process that talks to the engine is gone; nothing is known until it is back. */
  lost(): void {
    this.#info = { ...this.#info, state: 'starting' };
  }
}

/** One answer for all who ask the same engine: the best any of them has found. */
export function overall(engines: readonly EngineInfo[]): EngineInfo {
  const found = (state: EngineInfo['state']) => engines.find((engine) => engine.state === state);
  return found('ready') ?? found('starting') ?? found('failed') ?? UNKNOWN;
}
