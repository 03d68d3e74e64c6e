import type { EngineInfo, EnginePair, TranslationState } from '../server/protocol/events.ts';
import type { LanguageTag } from '../server/protocol/ids.ts';
import type { SpeakerStats } from '../server/protocol/stats.ts';
import { explainLoss } from './degradation.ts';
import type { Loss } from './degradation.ts';
import { ending } from './endings.ts';
import { duration } from './figures.ts';
import { listed, seconds } from './format.ts';
import { alphabetical, ownName, sameLanguage } from './languages.ts';
import { explain } from './messages.ts';
import type { Explanation, FailureCode } from './messages.ts';
import { m } from './paraglide/messages.js';
import { LATE_MS } from './reach.ts';
import type { EndReason } from './state/stay.ts';
import { canTranslate, pairNote } from './translation.ts';
import type { LanguageSections } from './translation.ts';

/** Languages to translate from, and those that cannot be. */
export function sourceSections({ pairs }: EngineInfo): LanguageSections {
  return split((tag) => pairs.some(({ source }) => sameLanguage(source, tag)));
}

/** Languages to translate into from this one, and those that cannot be. */
export function targetSections(engine: EngineInfo, from: LanguageTag): LanguageSections {
  return split((tag) => canTranslate(engine, from, tag));
}

function split(able: (tag: LanguageTag) => boolean): LanguageSections {
  return {
    able: alphabetical.filter((tag) => able(tag)),
    unable: alphabetical.filter((tag) => !able(tag)),
  };
}

/** What is to be said of two languages; with `possible: false` there is nothing to start. */
export interface PairView {
  readonly possible: boolean;
  readonly note: string | undefined;
}

export function describePair(engine: EngineInfo, from: LanguageTag, to: LanguageTag): PairView {
  if (engine.state === 'starting') {
    return { possible: false, note: m.solo_pair_starting() };
  }
  if (engine.state === 'failed') {
    return { possible: false, note: m.solo_pair_failed() };
  }
  if (canTranslate(engine, from, to)) {
    return { possible: true, note: pairNote(engine, from, to) };
  }
  const { able } = targetSections(engine, from);
  if (able.length === 0) {
    const sources = listed(sourceSections(engine).able.map(ownName));
    return {
      possible: false,
      note: m.solo_pair_no_source({ language: ownName(from), sources }),
    };
  }
  const pair = { from: ownName(from), targets: listed(able.map(ownName)) };
  const note = sameLanguage(from, to)
    ? m.solo_pair_same(pair)
    : m.solo_pair_not_into({ ...pair, to: ownName(to) });
  return { possible: false, note };
}

/** The pair that is most like this one and possible; as it was where nothing is. */
export function possiblePair(
  engine: EngineInfo,
  from: LanguageTag,
  to: LanguageTag,
): Pick<EnginePair, 'source' | 'target'> {
  const asked = { source: from, target: to };
  if (canTranslate(engine, from, to)) return asked;
  const into = engine.pairs.find(({ target }) => sameLanguage(target, to));
  return engine.pairs.find(({ source }) => sameLanguage(source, from)) ?? into ?? asked;
}

/** What becomes of the sound now. */
export interface Progress {
  readonly text: string;
  readonly warning: boolean;
}

export interface ProgressView {
  readonly engine: EngineInfo;
  /** Whether any sound is sent. */
  readonly listening: boolean;
  readonly to: LanguageTag;
  readonly state: TranslationState['state'] | undefined;
  readonly loss: Loss | undefined;
}

export function describeProgress({ engine, listening, to, state, loss }: ProgressView): Progress {
  const warn = (text: string): Progress => ({ text, warning: true });
  if (engine.state === 'starting') return warn(m.solo_progress_starting());
  if (engine.state === 'failed' || state === 'unavailable') {
    return warn(m.solo_progress_unavailable());
  }
  if (state === 'interpreting') return { text: m.solo_progress_interpreting(), warning: false };
  if (state === 'speaking') return { text: m.solo_progress_speaking(), warning: false };
  if (loss === 'voice') return warn(explainLoss(loss, to));
  if (loss === 'translation') return warn(m.solo_progress_lost());
  return { text: listening ? m.solo_progress_listening() : m.solo_progress_deaf(), warning: false };
}

/** What waits for less passes by unnoticed. */
const NOTICED_MS = 100;

/** How far the translation is behind, and what waits on the way. */
export interface Backlog {
  readonly delay: string;
  readonly late: boolean;
  readonly queue: string;
}

/** `lagMs`: of the last utterance, as it was told; `speakers`: undefined while nothing is measured. */
export function describeBacklog(
  lagMs: number | undefined,
  speakers: readonly SpeakerStats[] | undefined,
  to: LanguageTag,
): Backlog {
  const voices = (speakers ?? [])
    .flatMap(({ languages }) => languages)
    .filter(({ language }) => sameLanguage(language, to));
  const lag = lagMs ?? voices.find((voice) => voice.lagMs !== undefined)?.lagMs;
  const speechMs = sum((speakers ?? []).map(({ waitingMs }) => waitingMs));
  const voiceMs = sum(voices.map(({ waitingMs }) => waitingMs));
  return {
    delay: lag === undefined ? '–' : seconds(lag),
    late: lag !== undefined && lag > LATE_MS,
    queue: speakers === undefined ? '–' : queueInWords(speechMs, voiceMs),
  };
}

function queueInWords(speechMs: number, voiceMs: number): string {
  const [speech, voice] = [duration(speechMs), duration(voiceMs)];
  if (speechMs < NOTICED_MS) {
    return voiceMs < NOTICED_MS ? m.solo_queue_empty() : m.solo_queue_voice({ time: voice });
  }
  return voiceMs < NOTICED_MS
    ? m.solo_queue_speech({ time: speech })
    : m.solo_queue_both({ speech, voice });
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** The meeting behind it is forgotten: the page was open for long, or the server was started anew. */
const gone = (): Explanation => ({ title: m.solo_gone_title(), text: m.solo_gone_text() });

/** What a person reads when it could not begin. */
export function soloRefusal(code: FailureCode): Explanation {
  return code === 'roomNotFound' ? gone() : explain(code);
}

/** What a person reads when it has ended by itself; undefined when they have ended it. */
export function soloEnding(why: EndReason): Explanation | undefined {
  switch (why) {
    case 'left':
    case 'ended':
      return undefined;
    case 'lost':
    case 'full':
      return { title: m.solo_lost_title(), text: m.solo_lost_text() };
    case 'stopping':
      return { title: m.solo_stopped_title(), text: m.solo_stopped_text() };
    case 'gone':
      return gone();
    case 'removed':
    case 'refused':
    case 'unanswered':
    case 'elsewhere':
      return ending(why);
  }
}
