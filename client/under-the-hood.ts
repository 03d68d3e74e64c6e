import type { LanguageStats, SpeakerStats, StageStats } from '../server/protocol/stats.ts';
import { count, duration, loss, share, together } from './figures.ts';
import { ownName } from './languages.ts';
import type { Quality } from './media/connection-quality.ts';
import type { Playing } from './media/playing.ts';

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
  const { path, roundTrip, received } = quality;
  const way = path ?? 'Not known yet';
  const there = roundTrip === undefined ? '' : `, ${duration(roundTrip)} there and back`;
  const heard = received.packets + received.lost > 0;
  return [
    { label: 'Path', text: way + there },
    {
      label: 'Packets',
      text: heard ? loss(received.packets, received.lost) : 'None received yet',
    },
    ...(playing === undefined ? [] : playingLines(playing)),
  ];
}

function playingLines({ jitterMs, bufferMs, concealed }: Playing): readonly Line[] {
  return [
    { label: 'Jitter', text: `${duration(jitterMs)}, evened out by waiting ${duration(bufferMs)}` },
    {
      label: 'Made up',
      text: concealed === 0 ? 'No sound was missing' : `${share(concealed)} of the sound`,
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
  const rebuilt = recovered > 0 ? `, ${together(count(recovered), 'rebuilt')}` : '';
  const lines: Line[] = [{ label: 'Packets', text: loss(packets, lost) + rebuilt }];
  if (concealedMs > 0) lines.push({ label: 'Made up', text: `${duration(concealedMs)} of sound` });
  if (waitingMs > 0) lines.push({ label: 'Waiting', text: `${duration(waitingMs)} of speech` });
  return { lines, languages: languages.map(languageLine) };
}

function languageLine({ language, lagMs, waitingMs, tempo }: LanguageStats) {
  const faster = Math.round((tempo - 1) * 100);
  const parts = [
    lagMs === undefined ? 'nothing said yet' : `${duration(lagMs)} behind`,
    ...(waitingMs > 0 ? [`${duration(waitingMs)} waiting`] : []),
    ...(faster > 0 ? [together(count(faster), '%\u00a0faster')] : []),
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
const stageNames = new Map([
  ['rtp', 'Packets taken'],
  ['jitter', 'Put in order'],
  ['ingest', 'Decoded'],
  ['speech-queue', 'Wait to be heard'],
  ['vad', 'Searched for speech'],
  ['recognise', 'Understood'],
  ['identify', 'Languages told apart'],
  ['voice', 'Phrases to speak'],
  ['synthesise', 'Spoken'],
  ['playout', 'Wait to be played'],
  ['encode', 'Encoded'],
  ['pacer', 'Sent in time'],
  ['translate', 'Texts translated'],
]);

const reasons = new Map([
  ['foreign', 'from elsewhere'],
  ['flood', 'too many at once'],
  ['rtcp', 'control reports'],
  ['oversized', 'too large'],
  ['overflow', 'without room'],
  ['unwanted', 'nobody listens'],
  ['payload-type', 'of another kind'],
  ['undecodable', 'unreadable'],
  ['socket', 'not sendable'],
  ['oldest', 'waited too long'],
  ['oldest-phrase', 'waited too long'],
  ['busy', 'while busy'],
  ['late', 'came too late'],
  ['overlap', 'came twice'],
  ['duplicate', 'came twice'],
]);

/** Stages in the order of the way; those without a name here come last, under their own. */
export function stageRows(stages: readonly StageStats[]): readonly StageRow[] {
  const way = [...stageNames.keys()];
  const known = way.flatMap((name) => stages.filter(({ stage }) => stage === name));
  const others = stages.filter(({ stage }) => !stageNames.has(stage));
  return [...known, ...others].map((stage) => ({
    label: stageNames.get(stage.stage) ?? plain(stage.stage),
    in: count(stage.in),
    out: count(stage.out),
    slowest: stage.slowestMs > 0 ? duration(stage.slowestMs) : '–',
    dropped: droppedText(stage.dropped),
  }));
}

function droppedText(dropped: StageStats['dropped']): string | undefined {
  const given = Object.entries(dropped).filter(([, times]) => times > 0);
  if (given.length === 0) return undefined;
  const each = given.map(
    ([reason, times]) => `${count(times)} ${reasons.get(reason) ?? plain(reason)}`,
  );
  return `Given up: ${each.join(', ')}`;
}

const plain = (name: string): string => name.replaceAll('-', ' ');
