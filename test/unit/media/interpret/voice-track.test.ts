import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import type { MediaToServer } from '../../../../media/messages.ts';
import { Metrics } from '../../../../media/metrics.ts';
import { TranslationStatus } from '../../../../media/interpret/translation-status.ts';
import { VoiceTrack } from '../../../../media/interpret/voice-track.ts';
import { VoiceTrace } from '../../../../media/interpret/utterance-trace.ts';
import { untraced } from '../../../../inference/protocol/tracing/span.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeEngine } from '../../../support/fake-inference.ts';
import { FakeOutlets } from '../../../support/fake-outlet.ts';

const SENTENCES = ['Guten Morgen zusammen.', 'Heute geht es um den Plan.', 'Habt ihr Fragen dazu?'];
const PAUSE_MS = 300;
const STREAM = { port: 7000, ssrc: 70, payloadType: 111 };

let clock: FakeClock;
let engine: FakeEngine;
let outlets: FakeOutlets;
let track: VoiceTrack;
let status: TranslationStatus;
let states: string[];
let unspoken: number;

beforeEach(async () => {
  clock = new FakeClock(5000);
  engine = new FakeEngine();
  outlets = new FakeOutlets();
  states = [];
  unspoken = 0;
  const report = (message: MediaToServer) => {
    if (message.type !== 'translation-state') return;
    states.push(message.lagMs === undefined ? message.state : `${message.state} ${message.lagMs}`);
  };
  status = new TranslationStatus('ann', 'de', report);
  track = await VoiceTrack.create(
    { language: 'de', voice: 'female-0', stream: STREAM },
    { clock, engine, voices: outlets, metrics: new Metrics(), tracer: untraced },
    { voiceTimeoutMs: 10_000, voiceQueuePhrases: 8 },
  );
});

afterEach(() => {
  track[Symbol.dispose]();
});

function say(text = SENTENCES.join(' ')): void {
  status.began();
  track.say({
    ...{ text, status, speechEndedAt: 4000, recognisedAt: 5000 },
    trace: VoiceTrace.alone({ tracer: untraced, clock }, 'de'),
    unspoken: () => {
      unspoken += 1;
    },
  });
}

const asked = () => engine.voiceRequests.map(({ text }) => text);

describe('a translation of several sentences', () => {
  it('is spoken phrase by phrase: the first is on its way while the next is being made', async () => {
    engine.voiceMs = () => {
      // From now on the engine takes its time.
      engine.holdVoice();
      return 1500;
    };
    say();
    await eventually(() => engine.voiceRequests.length === 2);
    expect(outlets.phrases).toHaveLength(1);
    expect(asked()).toEqual(SENTENCES.slice(0, 2));
  });

  it('is spoken whole and in order, and the lag is that of its begin', async () => {
    engine.voiceMs = (text) => text.length * 60;
    say();
    await eventually(() => outlets.phrases.length === 3);
    expect(asked()).toEqual(SENTENCES);
    const [first = '', second = ''] = SENTENCES;
    expect(outlets.phrases.map(({ phrase }) => phrase.speechEndedAt)).toEqual([
      4000,
      4000 + first.length * 60 + PAUSE_MS,
      4000 + first.length * 60 + second.length * 60 + 2 * PAUSE_MS,
    ]);
  });

  it('is one to its listeners: speaking from its first sound to its last', async () => {
    say();
    await eventually(() => outlets.phrases.length === 3);
    outlets.play(0, 5400);
    outlets.play(1, 6000);
    outlets.start(2, 6700);
    expect(states).toEqual(['interpreting', 'speaking 1400']);
    expect(track.stats.lagMs).toBe(1400);
    outlets.end(2);
    expect(states).toEqual(['interpreting', 'speaking 1400', 'idle 1400']);
    expect(unspoken).toBe(0);
  });

  it('that ends while more of it is being made is not over yet', async () => {
    const release = { of: () => undefined as unknown };
    engine.voiceMs = () => {
      release.of = engine.holdVoice();
      return 200;
    };
    say();
    await eventually(() => engine.voiceRequests.length === 2);
    outlets.play(0, 5400);
    expect(states.at(-1)).toBe('speaking 1400');
    engine.voiceMs = () => 200;
    release.of();
    await eventually(() => outlets.phrases.length === 3);
    outlets.play(1, 6000);
    outlets.play(2, 6500);
    expect(states.at(-1)).toBe('idle 1400');
  });

  it('of which a phrase fails is marked as not spoken, and the rest is not tried', async () => {
    engine.voiceMs = () => {
      engine.failVoice(new InferenceError('failed', 'no voice'));
      return 200;
    };
    say();
    await eventually(() => unspoken === 1);
    expect(engine.voiceRequests).toHaveLength(2);
    outlets.play(0, 5400);
    expect(states).toEqual(['interpreting', 'speaking 1400', 'voiceless 1400']);
  });

  it('of which phrases come too late is marked once, and the others are heard', async () => {
    say();
    await eventually(() => outlets.phrases.length === 3);
    outlets.lose(0, 'late');
    outlets.lose(1, 'overflow');
    outlets.play(2, 6000);
    expect(unspoken).toBe(1);
    expect(states).toEqual(['interpreting', 'speaking 2000', 'idle 2000']);
  });

  it('of which nothing can be sounded has no voice', async () => {
    say();
    await eventually(() => outlets.phrases.length === 3);
    for (const place of [0, 1, 2]) outlets.lose(place, 'failed');
    expect(states).toEqual(['interpreting', 'voiceless']);
    expect(unspoken).toBe(1);
  });

  it('is over at once when nobody wants it any more, whatever was still to come', async () => {
    engine.voiceMs = () => {
      engine.holdVoice();
      return 200;
    };
    say();
    await eventually(() => engine.voiceRequests.length === 2);
    outlets.start(0, 5400);
    track[Symbol.dispose]();
    expect(states.at(-1)).toBe('idle 1400');
    outlets.end(0);
    let turns = 3;
    await eventually(() => turns-- === 0);
    expect([states.at(-1), unspoken, outlets.phrases.length]).toEqual(['idle 1400', 0, 1]);
  });
});

describe('a voice track', () => {
  it('speaks from the next phrase on with another voice', async () => {
    engine.voiceMs = () => {
      track.setVoice('male-3');
      return 200;
    };
    say();
    await eventually(() => outlets.phrases.length === 3);
    const voices = engine.voiceRequests.map(({ voice }) => voice);
    expect(voices).toEqual(['female-0', 'male-3', 'male-3']);
  });

  it('has nothing to say for a text of spaces', async () => {
    say('  \n ');
    await eventually(() => states.at(-1) === 'idle');
    expect(engine.voiceRequests).toEqual([]);
  });

  it('begins with one translation when all of the one before has been made', async () => {
    say('Erstens. Zweitens.');
    say('Drittens.');
    await eventually(() => outlets.phrases.length === 3);
    expect(asked()).toEqual(['Erstens.', 'Zweitens.', 'Drittens.']);
  });
});
