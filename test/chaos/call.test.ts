import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChaosBot } from '../support/chaos-bot.ts';
import { openFiles, pidOf, VICTIMS } from '../support/chaos-processes.ts';
import type { Victim } from '../support/chaos-processes.ts';
import { INSPECTABLE, Inspected } from '../support/inspected.ts';
import type { Facts } from '../support/inspected.ts';
import { startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { descendants } from '../support/processes.ts';
import { as48k, sentence } from '../support/speech.ts';

/** How often each process is hit in each way. */
const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 1);
const RESULTS = join(import.meta.dirname, '../.artifacts/chaos.json');

/** The stopped process may go on after so long, if it is still there. */
const CONTINUE_MS = 5_000;
/** The voice itself, after the worker that carries it is gone. */
const VOICE_WITHIN_MS = 5_000;
/** Captions and the translated voice, after anything. */
const BACK_WITHIN_MS = 10_000;
/** A caption that comes sooner was on its way already. */
const ON_ITS_WAY_MS = 200;
/** Between two phrases the translated voice is silent for longer, within one it is not. */
const BETWEEN_PHRASES_MS = 400;
/** The speaker's own pause is 1.1 s; the tone next door has none. */
const LONGEST_PAUSE_MS = 2_000;
/** What a busy machine costs this process, which sends the tone and hears it; a fault costs more. */
const LONGEST_GAP_MS = 1_000;
/** The phrase that is said over and over, with its pause. */
const PHRASE_MS = 3_000;
/** Spreads the rounds evenly over it. */
const GOLDEN = 0.618;
/** Timers and sockets that come and go by themselves: a heartbeat, a connection kept alive. */
const BREATHING = 6;

const FAULTS = ['SIGKILL', 'SIGSTOP', 'SIGSTOP, SIGCONT'] as const;
type Fault = (typeof FAULTS)[number];

interface Result {
  readonly process: Victim;
  readonly signal: Fault;
  rounds: number;
  /** Of the speaker's own voice; for the worker only, because nothing else interrupts it. */
  readonly voiceBackMs: number[];
  readonly audioBackMs: number[];
  readonly captionBackMs: number[];
}

/** A speaker of English and a listener to Spanish. */
interface Call {
  readonly speaker: ChaosBot;
  readonly listener: ChaosBot;
}

const results = FAULTS.flatMap((signal) =>
  VICTIMS.map((victim): Result => ({
    ...{ process: victim, signal, rounds: 0 },
    ...{ voiceBackMs: [], audioBackMs: [], captionBackMs: [] },
  })),
);

const resources = new AsyncDisposableStack();
let parley: Parley;
let words: Float32Array;
let tone: Float32Array;
let call: Call | undefined;
/** A meeting on the other worker, where a tone must go on as if nothing had been. */
let nextDoor: Call;
let server: Inspected;
let before: { readonly facts: Facts; readonly files: number; readonly processes: number };

beforeAll(async () => {
  parley = resources.use(
    await startParley({
      ...INSPECTABLE,
      PARLEY_RTC_WORKERS: '2',
      PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS: '10000',
      PARLEY_LIMITS_REQUESTS_PER_ADDRESS: '100000',
      PARLEY_LIMITS_ROOMS_PER_ADDRESS: '10000',
      PARLEY_LIMITS_JOINS_PER_ADDRESS: '10000',
    }),
  );
  const inspectors = await Inspected.all(/ws:\/\/\S+/.exec(parley.output())?.[0] ?? '');
  if (!inspectors[0]) throw new Error('the server cannot be looked into');
  server = resources.use(inspectors[0]);
  // "Ill disposed young man", and a pause.
  const phrase = sentence('0880').audio.subarray(17_600);
  words = new Float32Array(PHRASE_MS * 48);
  words.set(await as48k(phrase));
  tone = Float32Array.from(
    { length: 48_000 },
    (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 48_000),
  );
  await leave(await begin(words));
  await everythingClosed();
  before = {
    facts: await server.look(),
    files: openFiles(parley.pid).get(parley.pid) ?? 0,
    processes: descendants(parley.pid).length,
  };
  nextDoor = await begin(tone);
}, 60_000);

afterAll(async () => {
  await resources.disposeAsync();
  await mkdir(join(RESULTS, '..'), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
});

async function begin(says: Float32Array): Promise<Call> {
  const room = await parley.createRoom();
  const { url } = parley;
  return {
    speaker: await ChaosBot.join({ url, room, hear: 'original', says }),
    listener: await ChaosBot.join({ url, room, hear: 'es' }),
  };
}

async function leave({ speaker, listener }: Call): Promise<void> {
  await Promise.all([speaker.leave(), listener.leave()]);
}

/** A call in which the translation has been read and heard, on the worker that nobody else is on. */
async function runningCall(): Promise<Call> {
  if (call) return call;
  call = await begin(words);
  expect(call.listener.port).not.toBe(nextDoor.listener.port);
  await translated(call.listener, performance.now());
  return call;
}

/** What `look` finds, as soon as it finds something. */
async function found<T>(what: string, look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + 4 * BACK_WITHIN_MS;
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not come\n${parley.output()}`);
    await setTimeout(10);
  }
}

/** When the next translated caption came, and when the voice began that speaks it or a later one. */
async function translated(listener: ChaosBot, since: number) {
  const { at: caption } = await found('a caption', () =>
    listener.captions.find(({ at, caption: { committed, gap } }) => {
      return at > since + ON_ITS_WAY_MS && committed !== '' && gap === undefined;
    }),
  );
  const audio = await found('a translated voice', () =>
    listener.ears.translation.onsetAfter(caption, BETWEEN_PHRASES_MS),
  );
  return { caption, audio };
}

function hit(pid: number, fault: Fault): void {
  process.kill(pid, fault === 'SIGKILL' ? 'SIGKILL' : 'SIGSTOP');
  if (fault !== 'SIGSTOP, SIGCONT') return;
  void setTimeout(CONTINUE_MS).then(() => {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It was replaced long ago.
    }
  });
}

const GAUGES = ['peers', 'routers', 'transports', 'producers', 'consumers', 'sockets'];

async function everythingClosed(): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const open = [...GAUGES.map((gauge) => `parley_server_${gauge}`), 'parley_media_speakers'];
    const counts = await Promise.all(open.map((gauge) => parley.metric(gauge)));
    const left = open.filter((_, i) => counts[i] !== 0);
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`not back to zero: ${left.join(', ')}`);
    await setTimeout(50);
  }
}

describe.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))('round %i', (round) => {
  describe.each(FAULTS)('%s', (fault) => {
    test.each(VICTIMS)('of the %s', async (victim) => {
      const { speaker, listener } = await runningCall();
      // Each round at another place of the phrase.
      await setTimeout(((round * GOLDEN) % 1) * PHRASE_MS);
      const bots = [speaker, listener, nextDoor.speaker, nextDoor.listener];
      for (const { ears } of bots) for (const ear of Object.values(ears)) ear.forget();
      const pid = pidOf(parley.pid, victim, speaker.port);
      const result = results.find((each) => each.process === victim && each.signal === fault);
      if (!result) throw new Error('no place for the result');

      const at = performance.now();
      hit(pid, fault);
      if (victim === 'worker') {
        const reset = await found('a reset', () => listener.resets.find((when) => when > at));
        const voice = await found('the voice', () => listener.ears.original.soundAfter(reset));
        result.voiceBackMs.push(Math.round(voice - at));
      }
      const { caption, audio } = await translated(listener, at);
      const now = performance.now();
      result.rounds += 1;
      result.captionBackMs.push(Math.round(caption - at));
      result.audioBackMs.push(Math.round(audio - at));

      expect(Math.max(0, ...result.voiceBackMs)).toBeLessThan(VOICE_WITHIN_MS);
      expect(caption - at).toBeLessThan(BACK_WITHIN_MS);
      expect(audio - at).toBeLessThan(BACK_WITHIN_MS);
      if (victim !== 'worker') {
        expect(listener.ears.original.longestSilence(at, now)).toBeLessThan(LONGEST_PAUSE_MS);
        expect(listener.resets).toEqual([]);
      }
      expect(nextDoor.listener.ears.original.longestSilence(at, now)).toBeLessThan(LONGEST_GAP_MS);
      expect([...nextDoor.listener.resets, ...nextDoor.speaker.resets]).toEqual([]);
      expect(bots.flatMap(({ faults }) => faults)).toEqual([]);

      if (victim !== 'worker') return;
      // It has moved in next door; the next call finds the new worker empty.
      await leave({ speaker, listener });
      call = undefined;
    });
  });
});

test('the server itself stops for five seconds: voices go on, and it blames nobody', async () => {
  const { speaker, listener } = await runningCall();
  const bots = [speaker, listener, nextDoor.speaker, nextDoor.listener];
  const pids = () => descendants(parley.pid).map(({ pid }) => pid);
  const family = pids();
  const at = performance.now();
  process.kill(parley.pid, 'SIGSTOP');
  await setTimeout(CONTINUE_MS);
  process.kill(parley.pid, 'SIGCONT');
  await translated(listener, performance.now());
  const now = performance.now();
  expect(pids()).toEqual(family);
  expect(listener.ears.original.longestSilence(at, now)).toBeLessThan(LONGEST_PAUSE_MS);
  expect(nextDoor.listener.ears.original.longestSilence(at, now)).toBeLessThan(LONGEST_GAP_MS);
  expect(bots.flatMap(({ faults }) => faults)).toEqual([]);
});

test('when all have left nothing is left behind', async () => {
  if (call) await leave(call);
  await leave(nextDoor);
  await everythingClosed();
  await expect.poll(() => descendants(parley.pid).length).toBe(before.processes);
  expect(await parley.metric('parley_server_workers')).toBe(2);
  const files = () => (openFiles(parley.pid).get(parley.pid) ?? 0) - before.files;
  await expect.poll(files, { timeout: 15_000 }).toBeLessThanOrEqual(BREATHING);
  const after = await server.look();
  for (const [kind, count] of Object.entries(after.resources)) {
    const more = count - (before.facts.resources[kind] ?? 0);
    expect(more, `${kind} more in the server`).toBeLessThanOrEqual(BREATHING);
  }
});
