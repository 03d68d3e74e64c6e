import { setTimeout } from 'node:timers/promises';
import type { Weathered } from '../../network/fault-matrix.ts';
import { inboundAudio, type InboundAudio } from '../inbound-audio.ts';
import { LOOP_MS, WORDS_IN_LOOP } from './browsers.ts';
import type { LabCall } from './call.ts';
import type { Claim, Figure, Finding } from './finding.ts';
import type { Page } from 'playwright-core';
import type { Person } from './hosts.ts';
import type { Seen } from './page-watch.ts';
import { captionDelays, median, statuses, type Span } from './sightings.ts';
import { asked, captionsComplete, everyoneReads, nobodyGone, oneTileEach, said } from './trial.ts';

const everyone: readonly Person[] = ['speaker', 'listener'];
const LAPS = 2;
/** Part of the words that even poor recognition brings. */
const UNDERSTOOD = 0.6;
const SAMPLE_MS = 1_000;
const tracks = { original: 'audio[data-track=original]', voice: 'audio[data-track=translation]' };

/**
 * Lets packets get lost on both people's networks for two laps of the loop, then clears up. Delay has
 * to be there before the call begins: see `Lab.roughen`.
 */
export async function weather(call: LabCall, row: Weathered): Promise<Finding> {
  await using clearing = new AsyncDisposableStack();
  const { lab } = call.site;
  if (row.weather.kind === 'lose') {
    for (const person of everyone) clearing.use(await lab.disturb(person, row.weather));
  }
  const { page } = call.people.listener;
  const span = { from: Date.now(), to: Date.now() + LAPS * LOOP_MS };
  const before = await bothTracks(page);
  const samples = [before.voice];
  while (Date.now() < span.to) {
    await setTimeout(SAMPLE_MS);
    samples.push(await inboundAudio(page, tracks.voice));
  }
  const after = await bothTracks(page);
  await clearing.disposeAsync();

  const read = await everyoneReads(call, span.to);
  const seen = await call.people.listener.seen();
  const claims = [
    read,
    await captionsComplete(call),
    ...(await oneTileEach(call, span.from)),
    ...(await nobodyGone(call, span.from)),
    ...(await expected(call, row, span.from)),
  ];
  if (row.expects.turns) claims.push(await nothingDropped(call, span));
  const notes = [...(await said(call, span.from)), ...asked(call, span.from)];
  const figures = measured(call, row, { before, after, samples, seen, span });
  return { row: row.name, whose: everyone, figures, claims, notes };
}

/** As many words are recognised as are said, more or less: mistakes may split and join them. */
async function nothingDropped(call: LabCall, { from, to }: Span): Promise<Claim> {
  const lines = await call.people.speaker.lines('Ann');
  const during = lines.filter(({ startedAt }) => startedAt >= from && startedAt <= to);
  const words = during.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
  const least = Math.round(LAPS * WORDS_IN_LOOP * UNDERSTOOD);
  return { says: `no turn is dropped (${words} words, at least ${least})`, holds: words >= least };
}

interface Measured {
  readonly before: Readonly<Record<keyof typeof tracks, InboundAudio>>;
  readonly after: Readonly<Record<keyof typeof tracks, InboundAudio>>;
  readonly samples: readonly InboundAudio[];
  readonly seen: readonly Seen[];
  readonly span: Span;
}

function measured(call: LabCall, { expects }: Weathered, found: Measured): readonly Figure[] {
  const { before, after, samples, seen, span } = found;
  const { concealedPercent, captionDelayMs, jitterBufferMs } = expects;
  const figures: Figure[] = [];
  if (concealedPercent !== undefined) {
    for (const track of ['original', 'voice'] as const) {
      const value = 100 * concealed(before[track], after[track]);
      figures.push({ what: `concealed (${track})`, value, limit: concealedPercent, unit: '%' });
    }
  }
  if (captionDelayMs !== undefined) {
    const measured = median(captionDelays(seen, span));
    const anyway = median(captionDelays(call.calm.seen, call.calm.span));
    const value = Math.max(0, measured - anyway);
    const of = { measured, anyway };
    figures.push({ what: 'captions later', value, limit: captionDelayMs, unit: 'ms', of });
  }
  if (jitterBufferMs !== undefined) {
    const waits = samples.slice(1).flatMap((now, index) => buffered(samples[index], now));
    figures.push({
      what: 'jitter buffer',
      value: median(waits),
      limit: jitterBufferMs,
      unit: 'ms',
    });
  }
  return figures;
}

async function expected(
  call: LabCall,
  { expects }: Weathered,
  since: number,
): Promise<readonly Claim[]> {
  const { listener, speaker } = call.people;
  const texts = statuses(await listener.seen(), since);
  const rejoined = everyone.some((person) => call.people[person].sent('join', since) > 0);
  const claims: Claim[] = [{ says: 'nobody joins anew', holds: !rejoined }];
  if (expects.poor) {
    claims.push({
      says: '“Poor network” is shown',
      holds: texts.some((text) => /^Poor/.test(text)),
    });
  }
  if (expects.reconnects === false) {
    const all = [...texts, ...statuses(await speaker.seen(), since)];
    const holds = !all.some((text) => /^Reconnecting/.test(text));
    claims.push({ says: 'no reconnection', holds });
  }
  return claims;
}

async function bothTracks(page: Page) {
  const [original, voice] = [
    await inboundAudio(page, tracks.original),
    await inboundAudio(page, tracks.voice),
  ];
  return { original, voice };
}

/** Part of the samples played that were made up. */
function concealed(before: InboundAudio, after: InboundAudio): number {
  const played = after.totalSamplesReceived - before.totalSamplesReceived;
  return (after.concealedSamples - before.concealedSamples) / played;
}

/** Milliseconds that samples played in between had waited; nothing when none were. */
function buffered(before: InboundAudio | undefined, now: InboundAudio): readonly number[] {
  if (before === undefined) return [];
  const played = now.jitterBufferEmittedCount - before.jitterBufferEmittedCount;
  if (played <= 0) return [];
  return [((now.jitterBufferDelay - before.jitterBufferDelay) / played) * 1_000];
}
