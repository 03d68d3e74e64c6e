import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChaosBot } from '../support/chaos-bot.ts';
import { eventually } from '../support/eventually.ts';
import { metricValue, startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { as48k, sentence } from '../support/speech.ts';
import { Visitor } from '../support/visitor.ts';

/** People this server takes. */
const PLACES = 12;
/** In each meeting one speaks, one listens over WebRTC, and the others fill the places. */
const MEETING = 4;
const MEETINGS = PLACES / MEETING;
/** A packet is 20 ms; a frame that leaves later than the next is due is late. */
const LATE_S = 0.02;
/** The bots and their codecs run on the same two cores, and may cost a frame now and then. */
const LATE_SHARE = 0.005;
const PHRASES = 4;
/** What else this machine does makes one of them late; a server with more than it can bear, all. */
const STRETCHES = 3;

const resources = new AsyncDisposableStack();
let parley: Parley;

beforeAll(async () => {
  parley = resources.use(
    await startParley({
      PARLEY_MEDIA_MAX_STREAMS: String(PLACES),
      PARLEY_ROOMS_MAX_PEERS: String(MEETING),
      PARLEY_LOG_LEVEL: 'warn',
    }),
  );
});
afterAll(() => resources.disposeAsync());

const phrases = ({ captions }: ChaosBot): number => captions.length;

/** Wake-ups of the pacer so far, and those of them that were late. */
async function pacing(): Promise<{ readonly all: number; readonly late: number }> {
  const text = await (await fetch(`${parley.url}/metrics`)).text();
  const all = metricValue(text, 'parley_media_pacer_late_seconds_count') ?? 0;
  const inTime = metricValue(text, 'parley_media_pacer_late_seconds_bucket', `le="${LATE_S}"`) ?? 0;
  return { all, late: all - inTime };
}

test(
  'meetings up to the limit are translated in time; one person more is refused, until somebody leaves',
  { timeout: 180_000 },
  async () => {
    const says = await as48k(join(sentence('0880').audio, silence(1_500, 16_000)));
    const listeners: ChaosBot[] = [];
    const speakers: ChaosBot[] = [];
    const visitors: Visitor[] = [];
    for (let meeting = 0; meeting < MEETINGS; meeting += 1) {
      const room = await parley.createRoom();
      speakers.push(await ChaosBot.join({ url: parley.url, room, hear: 'original', says }));
      listeners.push(await ChaosBot.join({ url: parley.url, room, hear: 'es' }));
      visitors.push(resources.use(await Visitor.join(parley.url, room, 'es', 'ca')));
      visitors.push(resources.use(await Visitor.join(parley.url, room, 'es', 'gl')));
    }
    const everyoneHas = (count: number) => () => listeners.every((bot) => phrases(bot) >= count);
    await eventually(everyoneHas(1));
    const shares: number[] = [];
    while (shares.length < STRETCHES && !shares.some((share) => share < LATE_SHARE)) {
      const before = await pacing();
      await eventually(everyoneHas(1 + PHRASES * (shares.length + 1)));
      const after = await pacing();
      expect(after.all).toBeGreaterThan(before.all);
      shares.push((after.late - before.late) / (after.all - before.all));
    }
    expect(Math.min(...shares), `late in each stretch: ${shares.join()}`).toBeLessThan(LATE_SHARE);
    for (const { ears } of listeners) expect(ears.translation.soundAfter(0)).toBeDefined();
    expect(await parley.metric('parley_server_peers')).toBe(PLACES);

    const elsewhere = await parley.createRoom();
    await expect(Visitor.join(parley.url, elsewhere, 'en', 'en')).rejects.toThrow(
      /no media process takes more people/,
    );
    await visitors[0]?.request('leave', {});
    resources.use(await Visitor.join(parley.url, elsewhere, 'en', 'en'));
    for (const bot of [...speakers, ...listeners]) await bot.leave();
    for (const bot of [...speakers, ...listeners]) expect(bot.faults).toEqual([]);
  },
);
