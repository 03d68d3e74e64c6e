import { describe, expect, it } from 'vitest';
import { LanguageTag, PeerId } from '../../../server/protocol/ids.ts';
import type { SpeakerStats, StageStats } from '../../../server/protocol/stats.ts';
import { browserLines, speakerFigures, stageRows } from '../../../client/under-the-hood.ts';
import type { Line } from '../../../client/under-the-hood.ts';

const read = (lines: readonly Line[]): string[] =>
  lines.map(({ label, text }) => `${label}: ${text}`.replaceAll('\u00a0', ' '));

const quality = { path: 'UDP', received: { packets: 998, lost: 2 }, roundTrip: 23.4 } as const;

describe('what the browser receives', () => {
  it('is told in plain words with exact numbers', () => {
    const playing = { jitterMs: 4, bufferMs: 73.2, concealed: 0.011 };
    expect(read(browserLines({ quality, playing }))).toEqual([
      'Path: UDP, 23 ms there and back',
      'Packets: Lost 0.2 % of 1,000 packets',
      'Jitter: 4.0 ms, evened out by waiting 73 ms',
      'Made up: 1.1 % of the sound',
    ]);
  });

  it('says so when nothing has come yet, or nothing was missing', () => {
    const nothing = { path: undefined, received: { packets: 0, lost: 0 }, roundTrip: undefined };
    expect(read(browserLines({ quality: nothing, playing: undefined }))).toEqual([
      'Path: Not known yet',
      'Packets: None received yet',
    ]);
    const playing = { jitterMs: 0, bufferMs: 40, concealed: 0 };
    const relayed = { ...quality, path: 'TURN over TLS' } as const;
    const lines = read(browserLines({ quality: relayed, playing }));
    expect(lines[0]).toBe('Path: TURN over TLS, 23 ms there and back');
    expect(lines.at(-1)).toBe('Made up: No sound was missing');
  });
});

describe('what the server hears of a person', () => {
  const stats: SpeakerStats = {
    peerId: PeerId.parse('ann'),
    ...{ packets: 12_320, lost: 25, recovered: 18, concealedMs: 340, waitingMs: 1_600 },
    languages: [
      { language: LanguageTag.parse('es'), lagMs: 1_840, waitingMs: 400, tempo: 1.08 },
      { language: LanguageTag.parse('ca'), waitingMs: 0, tempo: 1 },
    ],
  };

  it('is their packets, what waits, and how far behind each language is', () => {
    const { lines, languages } = speakerFigures(stats);
    expect(read(lines)).toEqual([
      'Packets: Lost 0.2 % of 12,345 packets, 18 rebuilt',
      'Made up: 340 ms of sound',
      'Waiting: 1.6 s of speech',
    ]);
    expect(read(languages)).toEqual([
      'Español: 1.8 s behind · 400 ms waiting · 8 % faster',
      'Català: nothing said yet',
    ]);
    expect(languages.map(({ lang }) => lang)).toEqual(['es', 'ca']);
  });

  it('is one line when all is well', () => {
    const well = { ...stats, lost: 0, recovered: 0, concealedMs: 0, waitingMs: 0, languages: [] };
    expect(read(speakerFigures(well).lines)).toEqual(['Packets: Lost none of 12,320 packets']);
  });
});

describe('the stages', () => {
  const stage: StageStats = { stage: 'rtp', in: 1_234, out: 1_230, dropped: {}, slowestMs: 0 };

  it('have readable names, and say what was given up and why', () => {
    const dropped = { late: 9, 'payload-type': 3, duplicate: 0, 'never-seen': 1 };
    const [row] = stageRows([{ ...stage, stage: 'jitter', dropped, slowestMs: 1.25 }]);
    expect(row).toMatchObject({ label: 'Put in order', in: '1,234', out: '1,230' });
    expect(row?.slowest).toBe('1.3\u00a0ms');
    expect(row?.dropped).toBe('Given up: 9 came too late, 3 of another kind, 1 never seen');
  });

  it('come in the order of the way, however the server lists them', () => {
    const names = ['playout', 'some-new-stage', 'rtp', 'vad', 'jitter'];
    const labels = stageRows(names.map((name) => ({ ...stage, stage: name }))).map(
      ({ label }) => label,
    );
    expect(labels).toEqual([
      ...['Packets taken', 'Put in order', 'Searched for speech', 'Wait to be played'],
      'some new stage',
    ]);
  });

  it('are shown even when this page does not know them', () => {
    const [row] = stageRows([{ ...stage, stage: 'some-new-stage' }]);
    expect(row).toMatchObject({ label: 'some new stage', slowest: '–', dropped: undefined });
  });
});
