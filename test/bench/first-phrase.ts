import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';
import { startSupertonic } from '../../inference/synthesize/supertonic-voice.ts';
import type { VoiceProgram } from '../../inference/synthesize/voice-program.ts';
import { systemClock } from '../../media/clock.ts';
import { TranslationStatus } from '../../media/interpret/translation-status.ts';
import { VoiceTrack, type VoiceShared } from '../../media/interpret/voice-track.ts';
import { VoiceTrace } from '../../media/interpret/utterance-trace.ts';
import { untraced } from '../../inference/protocol/tracing/span.ts';
import { Metrics } from '../../media/metrics.ts';
import { writeVoiceShape } from '../support/supertonic-shape.ts';
import { printTable, type Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

/** What somebody says in one go, translated. */
const TEXT =
  'Guten Morgen zusammen, heute sprechen wir über den Zeitplan. ' +
  'Die Lieferung kommt erst am Freitag, deshalb verschieben wir den Test auf nächste Woche. ' +
  'Bitte schickt mir bis morgen Abend alle Fragen, die noch offen sind.';
const REQUEST = { text: TEXT, language: 'de', voice: 'female-0' };
const STREAM = { port: 1, ssrc: 1, payloadType: 111 };
const never = new AbortController().signal;

interface Spoken {
  /** From the text to the first sound, and to the last. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Of the first sound, and of all. */
  readonly heardMs: number;
  readonly totalMs: number;
}

/** As the media process has it spoken. */
async function inPhrases(voice: VoiceProgram): Promise<Spoken> {
  const began = performance.now();
  const over = Promise.withResolvers<undefined>();
  const sounds: { readonly at: number; readonly ms: number }[] = [];
  const voices: VoiceShared['voices'] = {
    open: () =>
      Promise.resolve({
        figures: { waitingMs: 0, tempo: 1 },
        speak: ({ audio, sampleRate }, observer) => {
          const at = performance.now();
          sounds.push({ at: at - began, ms: (audio.length * 1000) / sampleRate });
          observer.started(at);
          observer.ended();
        },
        [Symbol.dispose]: () => undefined,
      }),
  };
  const engine: VoiceShared['engine'] = {
    voice: (request, signal) => voice.speak(request, signal),
    speech: () => Promise.reject(new Error('nobody speaks')),
    identify: () => Promise.reject(new Error('nobody speaks')),
    recovered: () => Promise.resolve(),
  };
  using track = await VoiceTrack.create(
    { language: REQUEST.language, voice: REQUEST.voice, stream: STREAM },
    { clock: systemClock, metrics: new Metrics(systemClock), tracer: untraced, voices, engine },
    defaults.media,
  );
  const status = new TranslationStatus('ann', REQUEST.language, (message) => {
    if (message.type === 'translation-state' && message.state === 'idle') over.resolve(undefined);
    if (message.type === 'translation-state' && message.state === 'voiceless') {
      over.reject(new Error('not spoken'));
    }
  });
  status.began();
  track.say({
    ...{ text: TEXT, status, speechEndedAt: began, recognisedAt: began },
    unspoken: () => undefined,
    trace: VoiceTrace.alone({ tracer: untraced, clock: systemClock }, REQUEST.language),
  });
  await over.promise;
  const totalMs = sounds.reduce((sum, { ms }) => sum + ms, 0);
  const [first, last] = [sounds[0], sounds.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no sound');
  return { firstMs: first.at, lastMs: last.at, heardMs: first.ms, totalMs };
}

async function asAWhole(voice: VoiceProgram): Promise<Spoken> {
  const began = performance.now();
  const { audio, sampleRate } = await voice.speak(REQUEST, never);
  const ms = performance.now() - began;
  const totalMs = (audio.length * 1000) / sampleRate;
  return { firstMs: ms, lastMs: ms, heardMs: totalMs, totalMs };
}

/** Time to the first sound of a translation, spoken phrase by phrase and as a whole. */
export const firstPhrase: Benchmark = {
  name: 'first-phrase',
  summary: 'first sound of three sentences, phrase by phrase against the whole text at once',
  run: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'parley-voice-shape-'));
    try {
      await writeVoiceShape(directory);
      const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
      const log = pino({ level: 'silent' });
      // The figure is of a slow machine too: nothing is given up.
      const patient = { voiceDeadlineMs: 120_000, patienceMs: 120_000, logLevel: 'warn' as const };
      await using voice = await startSupertonic(directory, {
        options: { ...options, ...patient },
        ...{ log, metrics: new InferenceMetrics() },
      });
      while (!voice.ready()) await setTimeout(50);
      let ours: Spoken | undefined;
      let whole: Spoken | undefined;
      const measured = await takeTurns({
        ours: async () => (ours = await inPhrases(voice)).firstMs,
        baseline: async () => (whole = await asAWhole(voice)).firstMs,
      });
      const row = (name: string, spoken: Spoken | undefined) =>
        spoken ? [name, spoken.firstMs, spoken.heardMs, spoken.lastMs, spoken.totalMs] : [name];
      printTable(
        ['the last round, ms', 'first sound after', 'which lasts', 'all sound after', 'and lasts'],
        [row('phrase by phrase', ours), row('as a whole', whole)],
      );
      return { benchmark: 'first-phrase', ...measured, goal: 0.4, lowerIsBetter: true, unit: 'ms' };
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};
