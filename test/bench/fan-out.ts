import { setImmediate } from 'node:timers/promises';
import { defaults } from '../../config/defaults.ts';
import { Egress } from '../../media/egress/egress.ts';
import type { RtpStream } from '../../media/messages.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { RoomStage, tag } from '../support/room-stage.ts';
import { librivox } from '../support/speech.ts';
import { printTable, type Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const LISTENERS = 50;
const LANGUAGES = ['es', 'ca', 'de', 'fr'];
const STEP_MS = 20;

/** The voices that a room with one speaker and so many listeners asks the media process for. */
async function wantedVoices(): Promise<readonly RtpStream[]> {
  const stage = new RoomStage({ maxPeers: LISTENERS + 1 });
  stage.media.engine = {
    state: 'ready',
    name: 'bench',
    pairs: LANGUAGES.map((target) => ({ source: tag('en'), target: tag(target) })),
    recognises: [tag('en')],
    texts: [],
    identifies: [],
  };
  await stage.speaker({ name: 'Ann' });
  for (let listener = 0; listener < LISTENERS; listener++) {
    const hear = LANGUAGES[listener % LANGUAGES.length];
    if (hear !== undefined) await stage.listener({ name: `Guest ${listener}`, hear });
  }
  while (stage.media.speaker.targets.length < LANGUAGES.length) await setImmediate();
  return stage.media.speaker.targets.flatMap(({ voice }) => voice ?? []);
}

/** Opus packets encoded for one utterance that goes out on these streams. */
async function encodes(streams: readonly RtpStream[], audio: Float32Array): Promise<number> {
  const clock = new FakeClock();
  let encoded = 0;
  let speaking = streams.length;
  using egress = await Egress.create({
    options: defaults.media,
    clock,
    socket: { send: () => undefined },
    packets: { pacerLate: () => undefined, encoded: () => (encoded += 1) },
  });
  using outlets = new DisposableStack();
  for (const stream of streams) {
    const outlet = outlets.use(await egress.open(stream));
    const done = (): void => void (speaking -= 1);
    outlet.speak(
      { audio, sampleRate: 16_000, speechEndedAt: clock.now() },
      { started: () => undefined, ended: done, dropped: done },
    );
  }
  while (speaking > 0) {
    await setImmediate();
    clock.advance(STEP_MS);
  }
  return encoded;
}

/** What a room asks for, against a voice of their own for each listener; both really encode. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  summary: 'Opus encodes for 50 listeners in 4 languages, against one per listener',
  run: async () => {
    const recordings = librivox();
    const everyone = Array.from({ length: LISTENERS }, (_, ssrc) => ({
      port: 1,
      ssrc,
      payloadType: 111,
    }));
    const rows: (readonly [string, number])[] = [];
    const side = (name: string, streams: () => Promise<readonly RtpStream[]>) => {
      let round = 0;
      return async (): Promise<number> => {
        const recording = recordings[round++ % recordings.length];
        if (recording === undefined) throw new Error('there is no recording');
        const count = await encodes(await streams(), recording.audio);
        rows.push([`${name}, "${recording.name}"`, count]);
        return count;
      };
    };
    const rounds = await takeTurns({
      ours: side('as the room asks', wantedVoices),
      baseline: side('one per listener', () => Promise.resolve(everyone)),
    });
    printTable(['voices', 'packets encoded'], rows);
    return { benchmark: 'fan-out', goal: 0.08, lowerIsBetter: true, unit: 'packets', ...rounds };
  },
};
