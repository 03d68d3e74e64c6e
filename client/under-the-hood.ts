import type { LanguageStats, SpeakerStats, StageStats } from '../server/protocol/stats.ts';
import { count, duration, loss, share } from './figures.ts';
import { ownName } from './languages.ts';
import type { Quality } from './media/connection-quality.ts';
import type { Playing } from './media/playing.ts';
import { m } from './paraglide/messages.js';

/** This browser's side: what it receives and how it plays that. */
export interface BrowserFigures {
  readonly quality: Quality;
  readonly playing: Playing | undefined;
}

export interface Line {
  readonly label: string;
  readonly text: string;
}

export function browserLines({ quality, playing }: BrowserFigures): readonly Line[] {
  const { received } = quality;
  const heard = received.packets + received.lost > 0;
  return [
    { label: m.hood_path(), text: way(quality) },
    {
      label: m.hood_packets(),
      text: heard ? loss(received.packets, received.lost) : m.hood_none_received(),
    },
    ...(playing === undefined ? [] : playingLines(playing)),
  ];
}

function way({ path: known, roundTrip }: Quality): string {
  const path = known ?? m.hood_path_unknown();
  return roundTrip === undefined
    ? path
    : m.hood_there_and_back({ path, time: duration(roundTrip) });
}

function playingLines({ jitterMs, bufferMs, concealed }: Playing): readonly Line[] {
  const jitter = { jitter: duration(jitterMs), wait: duration(bufferMs) };
  return [
    { label: m.hood_jitter(), text: m.hood_jitter_text(jitter) },
    {
      label: m.hood_made_up(),
      text: concealed === 0 ? m.hood_none_missing() : m.hood_of_sound({ amount: share(concealed) }),
    },
  ];
}

/** One person's way through the server. */
export interface SpeakerFigures {
  readonly lines: readonly Line[];
  readonly languages: readonly (Line & { readonly lang: string })[];
}

export function speakerFigures(stats: SpeakerStats): SpeakerFigures {
  const { packets, lost, recovered, concealedMs, waitingMs, languages } = stats;
  const arrived = loss(packets, lost);
  const text =
    recovered > 0 ? m.hood_with_rebuilt({ loss: arrived, count: count(recovered) }) : arrived;
  const lines: Line[] = [{ label: m.hood_packets(), text }];
  if (concealedMs > 0) {
    const made = m.hood_time_of_sound({ time: duration(concealedMs) });
    lines.push({ label: m.hood_made_up(), text: made });
  }
  if (waitingMs > 0) {
    const waits = m.hood_time_of_speech({ time: duration(waitingMs) });
    lines.push({ label: m.hood_waiting(), text: waits });
  }
  return { lines, languages: languages.map(languageLine) };
}

function languageLine({ language, lagMs, waitingMs, tempo }: LanguageStats) {
  const faster = Math.round((tempo - 1) * 100);
  const parts = [
    lagMs === undefined ? m.hood_nothing_said() : m.hood_behind({ time: duration(lagMs) }),
    ...(waitingMs > 0 ? [m.hood_time_waiting({ time: duration(waitingMs) })] : []),
    ...(faster > 0 ? [m.hood_faster({ percent: m.hood_percent({ value: count(faster) }) })] : []),
  ];
  return { lang: language, label: ownName(language), text: parts.join(' · ') };
}

/** One row of the table of stages. */
export interface StageRow {
  readonly label: string;
  readonly in: string;
  readonly out: string;
  readonly slowest: string;
  /** What was given up and why; undefined when nothing was. */
  readonly dropped: string | undefined;
}

/** In the order of the way from one person's microphone to another's ear. */
const stageNames: ReadonlyMap<string, () => string> = new Map([
  ['rtp', m.hood_stage_rtp],
  ['jitter', m.hood_stage_jitter],
  ['ingest', m.hood_stage_ingest],
  ['speech-queue', m.hood_stage_speech_queue],
  ['vad', m.hood_stage_vad],
  ['recognise', m.hood_stage_recognise],
  ['identify', m.hood_stage_identify],
  ['voice', m.hood_stage_voice],
  ['synthesise', m.hood_stage_synthesise],
  ['playout', m.hood_stage_playout],
  ['encode', m.hood_stage_encode],
  ['pacer', m.hood_stage_pacer],
  ['translate', m.hood_stage_translate],
]);

const reasons: ReadonlyMap<string, () => string> = new Map([
  ['foreign', m.hood_reason_foreign],
  ['flood', m.hood_reason_flood],
  ['rtcp', m.hood_reason_rtcp],
  ['oversized', m.hood_reason_oversized],
  ['overflow', m.hood_reason_overflow],
  ['unwanted', m.hood_reason_unwanted],
  ['payload-type', m.hood_reason_payload_type],
  ['undecodable', m.hood_reason_undecodable],
  ['socket', m.hood_reason_socket],
  ['oldest', m.hood_reason_oldest],
  ['oldest-phrase', m.hood_reason_oldest],
  ['busy', m.hood_reason_busy],
  ['late', m.hood_reason_late],
  ['overlap', m.hood_reason_twice],
  ['duplicate', m.hood_reason_twice],
]);

/** Stages in the order of the way; those without a name here come last, under their own. */
export function stageRows(stages: readonly StageStats[]): readonly StageRow[] {
  const way = [...stageNames.keys()];
  const known = way.flatMap((name) => stages.filter(({ stage }) => stage === name));
  const others = stages.filter(({ stage }) => !stageNames.has(stage));
  return [...known, ...others].map((stage) => ({
    label: stageNames.get(stage.stage)?.() ?? plain(stage.stage),
    in: count(stage.in),
    out: count(stage.out),
    slowest: stage.slowestMs > 0 ? duration(stage.slowestMs) : '–',
    dropped: droppedText(stage.dropped),
  }));
}

function droppedText(dropped: StageStats['dropped']): string | undefined {
  const given = Object.entries(dropped).filter(([, times]) => times > 0);
  if (given.length === 0) return undefined;
  const each = given.map(([name, times]) => {
    const reason = reasons.get(name)?.() ?? plain(name);
    return m.hood_given_up_part({ count: count(times), reason });
  });
  return m.hood_given_up({ list: each.join(', ') });
}

const plain = (name: string): string => name.replaceAll('-', ' ');
