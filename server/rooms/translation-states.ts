import type { TranslationState } from '../protocol/events.ts';
import type { LanguageTag, PeerId } from '../protocol/ids.ts';
import { hearsAsIs, translationFor } from './demand.ts';
import type { DemandPeer } from './demand.ts';
import { wantsTranslation } from './language.ts';
import type { Ability } from './language.ts';
import type { TranslationProgress } from './ports.ts';

/** The engine at one moment: what it can do, and whether it does. */
export interface EngineView {
  /** As far as the hosts permit. */
  readonly ability: Ability;
  readonly unlimited: Ability;
  readonly working: boolean;
}

type Progress = Pick<TranslationProgress, 'state' | 'lagMs'>;

/** How each speaker's words fare on the way to each language, and what each listener knows of it. */
export class TranslationStates {
  readonly #progress = new Map<PeerId, Map<string, Progress>>();
  readonly #told = new Map<PeerId, ReadonlyMap<PeerId, TranslationState>>();

  record(speaker: PeerId, { language, state, lagMs }: TranslationProgress): void {
    const languages = this.#progress.get(speaker) ?? new Map<string, Progress>();
    languages.set(language, { state, ...(lagMs !== undefined && { lagMs }) });
    this.#progress.set(speaker, languages);
  }

  /** The speaker is no longer listened to: nothing is on its way. */
  forgetSpeaker(speaker: PeerId): void {
    this.#progress.delete(speaker);
  }

  forgetListener(listener: PeerId): void {
    this.#told.delete(listener);
  }

  /** All a listener should know now; counts as told. */
  tellAll(listener: DemandPeer, peers: readonly DemandPeer[], engine: EngineView) {
    const states = this.#statesFor(listener, peers, engine);
    this.#told.set(listener.peerId, states);
    return [...states.values()];
  }

  /** What changed for a listener since it was last told; a language no longer wanted turns idle. */
  tellChanges(
    listener: DemandPeer,
    peers: readonly DemandPeer[],
    engine: EngineView,
  ): readonly TranslationState[] {
    const before = this.#told.get(listener.peerId) ?? new Map<PeerId, TranslationState>();
    const now = this.#statesFor(listener, peers, engine);
    this.#told.set(listener.peerId, now);
    const ended = [...before.values()]
      .filter(({ peerId, language }) => now.get(peerId)?.language !== language)
      .filter(({ state }) => state !== 'idle')
      .map(({ peerId, language }) => ({ peerId, language, state: 'idle' as const }));
    const changed = [...now.values()].filter((state) => !equal(state, before.get(state.peerId)));
    return [...ended, ...changed];
  }

  #statesFor(listener: DemandPeer, peers: readonly DemandPeer[], engine: EngineView) {
    const states = new Map<PeerId, TranslationState>();
    for (const speaker of peers) {
      const state = this.between(speaker, listener, engine);
      if (state) states.set(speaker.peerId, state);
    }
    return states;
  }

  /** How the speaker's words fare on the way to one listener; undefined where none are wanted. */
  between(
    speaker: DemandPeer,
    listener: DemandPeer,
    { ability, unlimited, working }: EngineView,
  ): TranslationState | undefined {
    const { peerId } = speaker;
    if (!speaker.publishes || (peerId === listener.peerId && !listener.hearOwn)) return undefined;
    if (speaker.untranslated === true || hearsAsIs(speaker, listener)) return undefined;
    if (!wantsTranslation(speaker.speak, listener.hear)) return undefined;
    const language = translationFor(speaker, listener, ability);
    if (language === undefined || !working) {
      const limited =
        language === undefined && translationFor(speaker, listener, unlimited) !== undefined;
      return {
        ...{ peerId, language: language ?? listener.hear, state: 'unavailable' },
        ...(limited && { limited }),
      };
    }
    return { peerId, language, ...this.#progressOf(peerId, language) };
  }

  #progressOf(speaker: PeerId, language: LanguageTag): Progress {
    return this.#progress.get(speaker)?.get(language) ?? { state: 'idle' };
  }
}

function equal(a: TranslationState, b: TranslationState | undefined): boolean {
  return (
    a.language === b?.language &&
    a.state === b.state &&
    a.lagMs === b.lagMs &&
    a.limited === b.limited
  );
}
