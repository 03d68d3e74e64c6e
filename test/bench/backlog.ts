import { setImmediate } from 'node:timers/promises';
import { defaults } from '../../config/defaults.ts';
import { Egress } from '../../media/egress/egress.ts';
import { TranslationStatus } from '../../media/interpret/translation-status.ts';
import { VoiceTrack } from '../../media/interpret/voice-track.ts';
import { VoiceTrace } from '../../media/interpret/utterance-trace.ts';
import { untraced } from '../../inference/protocol/tracing/span.ts';
import { Metrics } from '../../media/metrics.ts';
import type { MediaOptions } from '../../media/options.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeEngine } from '../support/fake-inference.ts';
import { join } from '../support/pcm.ts';
import { as48k, librivox } from '../support/speech.ts';
import { printTable, type Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const MINUTE_MS = 60_000;
const MONOLOGUE_MS = 10 * MINUTE_MS;
/** Those that are looked at; in the first the lag grows into the band. */
const MINUTES = [1, 2, 5, 10];
/** Translated speech is so much longer than what was said. */
const STRETCH = 1.2;
/** Utterances as the detector cuts them. */
const [SHORTEST_MS, LONGEST_MS] = [5_000, 15_000];
/** From the end of an utterance to its voice: the silence that ends it, recogniser and voice. */
const ENGINE_MS = 900;
const STEP_MS = 20;

/** Nothing is hurried, and nothing is dropped either: all bounds are out of reach. */
const UNCONTROLLED: Partial<MediaOptions> = {
  maxTempo: 1,
  lagLowMs: MONOLOGUE_MS,
  lagHighMs: 2 * MONOLOGUE_MS,
  lagMaxMs: 3 * MONOLOGUE_MS,
  playoutMs: MONOLOGUE_MS,
};

export interface Backlog {
  /** Mean lag of the utterances of each of MINUTES, end of speech to first translated packet. */
  readonly lagsMs: readonly number[];
  readonly fastest: number;
  readonly dropped: number;
}

/** A voice as long as the text says, made of recorded speech with its pauses (48 kHz). */
async function recordedVoice(engine: FakeEngine): Promise<void> {
  const speech = await as48k(join(...librivox().map(({ audio }) => audio)));
  let at = 0;
  engine.voice = ({ text }) => {
    const audio = new Float32Array(Number(text) * 48);
    for (let index = 0; index < audio.length; index++) {
      audio[index] = speech[at] ?? 0;
      at = (at + 1) % speech.length;
    }
    return Promise.resolve({ audio, sampleRate: 48_000 });
  };
}

/** Ends of utterances that fill the monologue without a gap, the same for the same seed. */
function utteranceEnds(seed: number): readonly number[] {
  const ends: number[] = [];
  let state = seed;
  for (let end = 0; end < MONOLOGUE_MS;) {
    // Park and Miller's generator: 1 ≤ state < 2³¹ - 1.
    state = (state * 48_271) % 2_147_483_647;
    const length = SHORTEST_MS + (state / 2_147_483_647) * (LONGEST_MS - SHORTEST_MS);
    end = Math.min(MONOLOGUE_MS, end + STEP_MS * Math.round(length / STEP_MS));
    ends.push(end);
  }
  return ends;
}

/** The monologue from its first word to the last translated sound, in virtual time. */
export async function monologue(seed: number, changes: Partial<MediaOptions>): Promise<Backlog> {
  const clock = new FakeClock();
  const metrics = new Metrics(clock);
  const engine = new FakeEngine();
  await recordedVoice(engine);
  const options = { ...defaults.media, opusComplexity: 0, ...changes };
  const socket = { send: () => undefined };
  using egress = await Egress.create({ options, clock, socket, packets: metrics });
  const target = {
    language: 'es',
    voice: 'male-0',
    stream: { port: 1, ssrc: 1, payloadType: 111 },
  };
  using track = await VoiceTrack.create(
    target,
    { clock, engine, voices: egress, metrics, tracer: untraced },
    options,
  );
  const lags = new Map<number, number>();
  let dropped = 0;
  let fastest = 1;
  const ends = utteranceEnds(seed);
  for (let now = 0; lags.size + dropped < ends.length; now += STEP_MS) {
    const at = ends.indexOf(now - ENGINE_MS);
    const speechEndedAt = ends[at];
    if (speechEndedAt !== undefined) {
      const status = new TranslationStatus('ann', 'es', (message) => {
        if (message.type !== 'translation-state' || message.lagMs === undefined) return;
        lags.set(speechEndedAt, message.lagMs);
      });
      status.began();
      const text = String(Math.round(STRETCH * (speechEndedAt - (ends[at - 1] ?? 0))));
      const unspoken = (): void => void (dropped += 1);
      const trace = VoiceTrace.alone({ tracer: untraced, clock }, 'es');
      track.say({ text, speechEndedAt, recognisedAt: now, status, unspoken, trace });
    }
    await setImmediate();
    clock.advance(STEP_MS);
    fastest = Math.max(fastest, track.stats.tempo);
  }
  const meanOfMinute = (minute: number): number => {
    const of = [...lags].filter(([end]) => Math.ceil(end / MINUTE_MS) === minute);
    return of.reduce((sum, [, lag]) => sum + lag, 0) / of.length;
  };
  return { lagsMs: MINUTES.map(meanOfMinute), fastest, dropped };
}

/** Lag after ten minutes of translations 1.2 times as long as what was said. */
export const backlog: Benchmark = {
  name: 'backlog',
  summary: 'lag after a 10-minute monologue with output 1.2x as long, against no rate control',
  run: async () => {
    const seen: (readonly [string, Backlog])[] = [];
    const side = (name: string, changes: Partial<MediaOptions>) => {
      let seed = 0;
      return async (): Promise<number> => {
        const result = await monologue(++seed, changes);
        if (seed > 1) seen.push([name, result]);
        return result.lagsMs.at(-1) ?? Number.NaN;
      };
    };
    const rounds = await takeTurns({
      ours: side('held in the band', {}),
      baseline: side('no rate control', UNCONTROLLED),
    });
    printTable(
      ['lag in ms', ...MINUTES.map((minute) => `minute ${minute}`), 'fastest tempo', 'dropped'],
      seen.map(([name, { lagsMs, fastest, dropped }]) => [name, ...lagsMs, fastest, dropped]),
    );
    return { benchmark: 'backlog', goal: 0.1, lowerIsBetter: true, unit: 'ms', ...rounds };
  },
};
