import { createDecoder } from 'libopus-wasm';
import { connect } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaults } from '../../config/defaults.ts';
import { MediaOptions } from '../../media/options.ts';
import type { Caption, MediaToServer, RtpStream } from '../../media/messages.ts';
import { apertium, espeakLengthMs } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { InferenceChild } from '../support/inference-child.ts';
import { MediaChild } from '../support/media-child.ts';
import { join, level, silence } from '../support/pcm.ts';
import { alive, descendants } from '../support/processes.ts';
import { RouterStandIn } from '../support/router-stand-in.ts';
import { speechPackets } from '../support/rtp-builder.ts';
import type { SentPacket } from '../support/sent-packets.ts';
import { sentence } from '../support/speech.ts';

/**
 * Real speech as Opus RTP into one socket of the real media process, translated Opus RTP out of
 * it, with the real inference process beside it. Everything is played once, in real time; the
 * tests look at what came of it from different sides.
 */

/** The longest last, so that each translation has been said before the next one is due. */
const SENTENCES = ['0880', '0930', '0920'] as const;
const MODES = { es: 'eng-spa', ca: 'eng-cat' } as const;
type Language = keyof typeof MODES;
const LANGUAGES = ['es', 'ca'] as const;

let inference: InferenceChild;
let media: MediaChild;
let router: RouterStandIn;
let voices: Readonly<Record<Language, RtpStream>>;

const finals = (): readonly Caption[] => media.captions.filter(({ final }) => final);

const states = (language: Language) =>
  media.messages.filter(
    (message): message is Extract<MediaToServer, { type: 'translation-state' }> =>
      message.type === 'translation-state' && message.language === language,
  );

beforeAll(async () => {
  inference = await InferenceChild.start();
  media = await MediaChild.start(MediaOptions.parse({ ...defaults.media, logLevel: 'warn' }));
  router = await RouterStandIn.open();
  voices = { es: router.stream(0xe5), ca: router.stream(0xca) };
  await media.command({ type: 'engine', url: inference.url });
  await eventually(() =>
    media.messages.some((message) => message.type === 'engine-state' && message.state === 'ready'),
  );
  const microphone = { ...router.stream(0xaaaa), payloadType: 100 };
  await media.command({
    type: 'open-speaker',
    speaker: 'ann',
    stream: microphone,
    language: 'en',
    voice: { kind: 'female', variant: 0 },
  });
  await media.command({
    type: 'set-targets',
    speaker: 'ann',
    targets: LANGUAGES.map((language) => ({ language, voice: voices[language] })),
    transcript: true,
  });
  const pieces = SENTENCES.flatMap((name) => [sentence(name).audio, silence(1500, 16_000)]);
  await router.play(await speechPackets(join(...pieces)), microphone, media.ports.rtpPort);
  await eventually(() => LANGUAGES.every((language) => states(language).at(-1)?.state === 'idle'));
}, 120_000);

afterAll(async () => {
  await media[Symbol.asyncDispose]();
  await inference[Symbol.asyncDispose]();
  await router[Symbol.asyncDispose]();
});

/** Packets without a jump of time between them. */
function spurts(packets: readonly SentPacket[]): SentPacket[][] {
  const found: SentPacket[][] = [];
  for (const packet of packets) {
    const last = found.at(-1)?.at(-1);
    const follows = last !== undefined && ticks(last, packet) === 960;
    if (follows) found.at(-1)?.push(packet);
    else found.push([packet]);
  }
  return found;
}

/** RTP time from one packet to another. */
const ticks = (from: SentPacket, to: SentPacket): number =>
  (to.timestamp - from.timestamp + 2 ** 32) % 2 ** 32;

const neighbours = <T>(items: readonly T[]): readonly (readonly [T, T])[] =>
  items.slice(1).flatMap((item, at) => {
    const before = items[at];
    return before === undefined ? [] : [[before, item] as const];
  });

describe('captions of real speech', () => {
  it('come one line after the other, each ended exactly once', () => {
    expect(finals().map(({ utterance }) => utterance)).toEqual([0, 1, 2]);
    for (const [before, after] of neighbours(media.captions)) {
      const isNext = before.final && after.utterance === before.utterance + 1;
      expect(isNext || (!before.final && after.utterance === before.utterance)).toBe(true);
      expect(after.startedAt).toBeGreaterThanOrEqual(before.startedAt);
    }
    expect(finals().every(({ gap }) => gap === undefined)).toBe(true);
  });

  it('grow while the sentence is spoken, and never take committed words back', () => {
    expect(media.captions.length).toBeGreaterThan(finals().length * 2);
    for (const [before, after] of neighbours(media.captions)) {
      if (after.utterance !== before.utterance) continue;
      expect(after.transcript.committed.startsWith(before.transcript.committed)).toBe(true);
    }
  });

  it('hold words that were really said', () => {
    const words = finals().map(({ transcript }) => transcript.committed.split(' '));
    expect(words[0]).toEqual(expect.arrayContaining(['he', 'was', 'not', 'young', 'man']));
    expect(words[2]).toEqual(expect.arrayContaining(['married', 'might', 'respectable']));
    expect(words[1]).toEqual(expect.arrayContaining(['might', 'have', 'been', 'made', 'amiable']));
  });

  it.each(LANGUAGES)('are in %s what Apertium makes of the words recognised', (language) => {
    for (const { transcript, translations } of finals()) {
      const translation = translations.find((text) => text.language === language);
      expect(translation?.committed).toBe(apertium(MODES[language], transcript.committed));
      expect(translation).toMatchObject({ tentative: '', spoken: true });
    }
  });
});

describe.each(LANGUAGES)('the translated voice in %s', (language) => {
  const packets = () => router.of(voices[language]);

  it('is a stream without a missing or misplaced packet', () => {
    const everything = router.received.filter(({ ssrc }) => ssrc === voices[language].ssrc);
    const steps = neighbours(everything).map(
      ([a, b]) => (b.sequence - a.sequence + 2 ** 16) % 2 ** 16,
    );
    expect(packets().length).toBeGreaterThan(100);
    expect(new Set(steps)).toEqual(new Set([1]));
    expect(
      packets().every(
        ({ payloadType, port }) => payloadType === 111 && port === media.ports.voicePort,
      ),
    ).toBe(true);
  });

  it('marks the start of every talk spurt and nothing else', () => {
    for (const spurt of spurts(packets())) {
      expect(spurt.map(({ marker }) => marker)).toEqual(spurt.map((_, at) => at === 0));
    }
  });

  it('has timestamps that follow wall time, through speech and over silence', () => {
    const [first] = packets();
    const delays = spurts(packets())
      .filter((spurt) => spurt.length >= 10)
      .map((spurt) =>
        spurt.map((packet) => packet.at - (first === undefined ? 0 : ticks(first, packet) / 48)),
      );
    // A busy machine makes packets late, never early: the quickest of each spurt is about on time,
    // while timestamps that stood still over a silence would be off by more than a second.
    const quickest = delays.map((spurt) => Math.min(...spurt));
    expect(delays.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...quickest) - Math.min(...quickest)).toBeLessThan(250);
  });

  it('sounds, for as long as the texts take to say', async () => {
    using decoder = await createDecoder({ sampleRate: 48_000, channels: 1 });
    const heard = join(...packets().map(({ payload }) => decoder.decodeFloat(payload)));
    expect(level(heard)).toBeGreaterThan(0.02);
    const texts = finals().map(
      ({ translations }) =>
        translations.find((text) => text.language === language)?.committed ?? '',
    );
    const expected = texts.reduce((sum, text) => sum + espeakLengthMs(language, text), 0);
    expect(heard.length / 48 / expected).toBeGreaterThan(0.7);
    expect(heard.length / 48 / expected).toBeLessThan(1.3);
  });

  it('is announced before its first packet and reported idle after its last', () => {
    const seen = states(language).map(({ state }) => state);
    expect(seen[0]).toBe('interpreting');
    expect(seen.filter((state) => state === 'speaking')).toHaveLength(SENTENCES.length);
    expect(seen.at(-1)).toBe('idle');
    const lags = states(language).flatMap(({ lagMs }) => (lagMs === undefined ? [] : [lagMs]));
    expect(Math.min(...lags)).toBeGreaterThanOrEqual(defaults.media.vadMinSilenceMs);
  });
});

describe('the processes behind it', () => {
  it('have measured every stage and left every queue empty', async () => {
    const answer = await media.command({ type: 'get-metrics' });
    const metrics = answer.type === 'done' ? (answer.metrics ?? '') : '';
    for (const stage of ['endpoint', 'recognise']) {
      expect(metrics).toContain(`parley_media_voice_stage_seconds_count{stage="${stage}"} 3`);
    }
    for (const stage of ['voice', 'playout']) {
      expect(metrics).toContain(`parley_media_voice_stage_seconds_count{stage="${stage}"} 6`);
    }
    expect(metrics).toContain('parley_media_voice_latency_seconds_count 6');
    expect(metrics).toContain('parley_media_queue_seconds{queue="speech"} 0\n');
    expect(metrics).toContain('parley_media_queue_seconds{queue="playout"} 0\n');
    expect(metrics).not.toMatch(/parley_media_dropped_total\{/);
  });

  it('leave nothing behind when they are told to stop', async () => {
    const { pid, ports } = media;
    const ours = [pid, inference.pid, ...descendants(inference.pid).map((entry) => entry.pid)];
    expect(ours.length).toBeGreaterThan(4);
    expect(await media.shutdown()).toBe(0);
    await inference[Symbol.asyncDispose]();
    await eventually(() => !ours.some(alive));
    const socket = createSocket('udp4').bind(ports.rtpPort, '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
    const http = connect(Number(new URL(inference.url).port), '127.0.0.1');
    expect(await once(http, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });
});
