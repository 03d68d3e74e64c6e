import { describe, expect, test } from 'vitest';
import type { EngineInfo } from '../../../server/protocol/events.ts';
import { LanguageTag, PeerId } from '../../../server/protocol/ids.ts';
import type { SpeakerStats } from '../../../server/protocol/stats.ts';
import {
  describeBacklog,
  describePair,
  describeProgress,
  possiblePair,
  soloEnding,
  soloRefusal,
  sourceSections,
  targetSections,
} from '../../../client/solo.ts';

const tag = (text: string) => LanguageTag.parse(text);
const [en, es, ca, de, pl] = [tag('en'), tag('es'), tag('ca'), tag('de'), tag('pl')];

/** Translates English into Spanish and Catalan, and Spanish into German by way of English. */
const engine: EngineInfo = {
  ...{ state: 'ready', name: 'offline' },
  pairs: [
    { source: en, target: es },
    { source: en, target: ca },
    { source: es, target: de, via: en },
  ],
  recognises: [en, es],
  ...{ texts: [], identifies: [] },
};

describe('two languages', () => {
  test('that are possible need no words', () => {
    expect(describePair(engine, en, es)).toEqual({ possible: true, note: undefined });
  });

  test('that take two steps say so', () => {
    expect(describePair(engine, es, de).note).toContain('via English');
  });

  test('that are not possible say what is', () => {
    expect(describePair(engine, en, pl)).toEqual({
      possible: false,
      note: 'Not into Polski here. From English it goes into Català and Español.',
    });
  });

  test('that are one and the same ask for two', () => {
    expect(describePair(engine, en, en).note).toMatch(/^Choose two languages\. From English/);
  });

  test('from a language unknown here say which are known', () => {
    expect(describePair(engine, pl, en).note).toBe(
      'This server does not translate Polski. It translates from English and Español.',
    );
  });

  test.each(['starting', 'failed'] as const)('wait while the engine is %s', (state) => {
    const { possible, note } = describePair({ ...engine, state, pairs: [] }, en, es);
    expect(possible).toBe(false);
    expect(note).toMatch(/starting|unavailable/);
  });

  test('are listed by what this server can do', () => {
    expect(sourceSections(engine).able).toEqual([en, es]);
    expect(targetSections(engine, en).able).toEqual([ca, es]);
    expect(targetSections(engine, pl).able).toEqual([]);
  });
});

describe('the first pair', () => {
  test('is the one chosen where that works', () => {
    expect(possiblePair(engine, en, ca)).toEqual({ source: en, target: ca });
  });

  test('keeps what is spoken, then what is heard', () => {
    expect(possiblePair(engine, en, pl)).toMatchObject({ source: en, target: es });
    expect(possiblePair(engine, pl, de)).toMatchObject({ source: es, target: de });
  });

  test('stays where nothing is possible', () => {
    expect(possiblePair({ ...engine, pairs: [] }, pl, de)).toEqual({ source: pl, target: de });
  });
});

describe('what becomes of the sound', () => {
  const still = { engine, listening: true, to: es, state: undefined, loss: undefined };

  test('is listened to, interpreted and spoken', () => {
    expect(describeProgress(still)).toEqual({ text: 'Listening', warning: false });
    expect(describeProgress({ ...still, state: 'interpreting' }).text).toBe('Interpreting…');
    expect(describeProgress({ ...still, state: 'speaking' }).text).toBe('Speaking');
    expect(describeProgress({ ...still, listening: false }).text).toBe('Not listening');
  });

  test('is told where something is missing', () => {
    expect(describeProgress({ ...still, loss: 'voice' })).toEqual({
      text: 'No voice for Español right now. Captions go on.',
      warning: true,
    });
    expect(describeProgress({ ...still, loss: 'translation' }).warning).toBe(true);
    expect(describeProgress({ ...still, state: 'unavailable' }).warning).toBe(true);
    const failed: EngineInfo = { ...engine, state: 'failed' };
    expect(describeProgress({ ...still, engine: failed }).text).toContain('unavailable');
  });
});

describe('delay and queue', () => {
  const speaker = (waitingMs: number, voiceMs: number, lagMs?: number): SpeakerStats => ({
    peerId: PeerId.parse('p'.repeat(22)),
    ...{ packets: 9, lost: 0, recovered: 0, concealedMs: 0, waitingMs },
    languages: [
      { language: es, waitingMs: voiceMs, tempo: 1, ...(lagMs !== undefined && { lagMs }) },
      { language: ca, waitingMs: 99_000, tempo: 1, lagMs: 99_000 },
    ],
  });

  test('are not known at first', () => {
    expect(describeBacklog(undefined, undefined, es)).toEqual({
      ...{ delay: '–', late: false, queue: '–' },
    });
  });

  test('count the language that is heard, over the microphone and the tab', () => {
    const backlog = describeBacklog(1_840, [speaker(0, 0), speaker(0, 1_200)], es);
    expect(backlog.delay).toBe('1.8 s');
    expect(backlog.queue.replaceAll('\u00a0', ' ')).toBe('1.2 s of voice');
    expect(describeBacklog(1_840, [speaker(20, 60)], es).queue).toBe('empty');
  });

  test('tell speech that waits from voice that waits, and say when it is late', () => {
    const { queue, late, delay } = describeBacklog(undefined, [speaker(500, 2_000, 6_100)], es);
    expect(queue.replaceAll('\u00a0', ' ')).toBe('500 ms of speech, 2.0 s of voice');
    expect([late, delay]).toEqual([true, '6.1 s']);
  });
});

describe('an end', () => {
  test('that was wanted needs no words', () => {
    expect(soloEnding('left')).toBeUndefined();
    expect(soloEnding('ended')).toBeUndefined();
  });

  test('is no riddle where the meeting behind it is forgotten', () => {
    expect(soloRefusal('roomNotFound').text).toBe('Start again.');
    expect(soloEnding('gone')).toEqual(soloRefusal('roomNotFound'));
    expect(soloRefusal('serverFull').title).toBe('This server is full');
  });

  test('that was not says how to go on', () => {
    expect(soloEnding('lost')?.text).toContain('start again');
    expect(soloEnding('stopping')?.text).toContain('Start again');
  });
});
