import type { EngineInfo, EnginePair, TranslationState } from '../server/protocol/events.ts';
import type { LanguageTag } from '../server/protocol/ids.ts';
import type { SpeakerStats } from '../server/protocol/stats.ts';
import { explainLoss } from './degradation.ts';
import type { Loss } from './degradation.ts';
import { endings } from './endings.ts';
import { duration } from './figures.ts';
import { alphabetical, ownName, sameLanguage } from './languages.ts';
import { explain } from './messages.ts';
import type { Explanation, FailureCode } from './messages.ts';
import { LATE_MS, seconds } from './reach.ts';
import type { EndReason } from './state/stay.ts';
import { canTranslate, pairNote } from './translation.ts';
import type { LanguageSections } from './translation.ts';

const list = new Intl.ListFormat('en-GB');

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
    return { possible: false, note: 'Translation is starting on this server. Wait a moment.' };
  }
  if (engine.state === 'failed') {
    return { possible: false, note: 'Translation is unavailable on this server right now.' };
  }
  if (canTranslate(engine, from, to)) {
    return { possible: true, note: pairNote(engine, from, to) };
  }
  const { able } = targetSections(engine, from);
  if (able.length === 0) {
    const sources = list.format(sourceSections(engine).able.map(ownName));
    return {
      possible: false,
      note: `This server does not translate ${ownName(from)}. It translates from ${sources}.`,
    };
  }
  const what = sameLanguage(from, to) ? 'Choose two languages.' : `Not into ${ownName(to)} here.`;
  const targets = list.format(able.map(ownName));
  return { possible: false, note: `${what} From ${ownName(from)} it goes into ${targets}.` };
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
  if (engine.state === 'starting') return warn('Translation is starting…');
  if (engine.state === 'failed' || state === 'unavailable') {
    return warn('Translation is unavailable right now');
  }
  if (state === 'interpreting') return { text: 'Interpreting…', warning: false };
  if (state === 'speaking') return { text: 'Speaking', warning: false };
  if (loss === 'voice') return warn(explainLoss(loss, to));
  if (loss === 'translation') return warn('The last words could not be translated');
  return { text: listening ? 'Listening' : 'Not listening', warning: false };
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
  const parts = [
    ...(speechMs >= NOTICED_MS ? [`${duration(speechMs)} of speech`] : []),
    ...(voiceMs >= NOTICED_MS ? [`${duration(voiceMs)} of voice`] : []),
  ];
  return {
    delay: lag === undefined ? '–' : seconds(lag),
    late: lag !== undefined && lag > LATE_MS,
    queue: speakers === undefined ? '–' : parts.length === 0 ? 'empty' : parts.join(', '),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** The meeting behind it is forgotten: the page was open for long, or the server was started anew. */
const GONE: Explanation = { title: 'The server has let go of it', text: 'Start again.' };

/** What a person reads when it could not begin. */
export function soloRefusal(code: FailureCode): Explanation {
  return code === 'roomNotFound' ? GONE : explain(code);
}

/** What a person reads when it has ended by itself; undefined when they have ended it. */
export function soloEnding(why: EndReason): Explanation | undefined {
  switch (why) {
    case 'left':
    case 'ended':
      return undefined;
    case 'lost':
    case 'full':
      return {
        title: 'The connection was lost',
        text: 'Check your internet connection, then start again.',
      };
    case 'stopping':
      return { title: 'The server was stopped', text: 'Start again in a minute.' };
    case 'gone':
      return GONE;
    case 'removed':
    case 'refused':
    case 'unanswered':
    case 'elsewhere':
      return endings[why];
  }
}
