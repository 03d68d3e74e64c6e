import wrtc from '@roamhq/wrtc';
import type { CaptionEvent } from '../../../server/protocol/events.ts';
import { HearChoice, LanguageTag } from '../../../server/protocol/ids.ts';
import type { PeerId } from '../../../server/protocol/ids.ts';
import { RtpCapabilities } from '../../../server/protocol/rtp.ts';
import { BotMedia } from '../../support/bot-media.ts';
import type { Inbound, Sending } from '../../support/bot-media.ts';
import { audible } from '../../support/chaos-ear.ts';
import { Line } from '../../support/chaos-line.ts';
import { Judge } from './judge.ts';
import type { Verdicts } from './judge.ts';
import type { Outlook } from './patience.ts';

/** Samples of 20 ms at 48 kHz. */
const FRAME = 960;
/** What the recordings are spoken in. */
const SPOKEN = 'en';

/** A line changes soon after it is finished, or never. */
const REMEMBERED = 100;
/** Longer than it takes to find a way, where there is one. */
const CONNECT_MS = 15_000;

/** Somebody whose phrases a listener is asked about. */
export interface Speaker {
  readonly peerId: PeerId;
  /** When their phrases end, in order. */
  readonly ends: () => Iterator<number, never>;
}

export interface Seat {
  readonly url: string;
  /** What follows `/r/` in the link. */
  readonly room: string;
  /** A language, or `original`. */
  readonly hear: string;
  readonly sending?: Sending | undefined;
  /** The way packets will go, as soon as one is in; undefined: none will. */
  readonly waitsFor?: 'send' | 'recv' | undefined;
  /** Those whose translations this one listens to; the others' are received and not looked at. */
  readonly asked: readonly Speaker[];
}

/** A participant made for load: costs as little as it can, and notes how it fares. */
export class LoadBot {
  readonly peerId: PeerId;
  readonly #line: Line;
  readonly #media: BotMedia;
  readonly #outlook: Outlook;
  readonly #judges: ReadonlyMap<PeerId, Judge>;
  readonly #known: Map<string, Inbound>;
  #here = true;

  private constructor(parts: {
    peerId: PeerId;
    line: Line;
    media: BotMedia;
    outlook: Outlook;
    judges: ReadonlyMap<PeerId, Judge>;
  }) {
    this.peerId = parts.peerId;
    this.#line = parts.line;
    this.#media = parts.media;
    this.#outlook = parts.outlook;
    this.#judges = parts.judges;
    this.#known = new Map();
    parts.outlook.tallying.count('present');
  }

  /** Resolves when packets can go. Rejects with a Refused, or when they cannot. */
  static async join(seat: Seat, outlook: Outlook): Promise<LoadBot> {
    const { tallying } = outlook;
    const began = performance.now();
    using failing = new DisposableStack();
    const line = failing.use(await Line.open(seat.url, seat.room));
    const device = await BotMedia.device(line);
    const judges = new Map<PeerId, Judge>();
    const media = failing.adopt(
      new BotMedia({
        ...{ line, device },
        onTrack: (offer, track) => {
          const judge = offer.track.type === 'translation' ? judges.get(offer.peerId) : undefined;
          return judge ? hear(track, judge, onFirst) : () => undefined;
        },
        onFault: () => {
          tallying.fault('a track could not be taken');
        },
      }),
      (one) => {
        one.tearDown();
      },
    );
    let first = true;
    const onFirst = (now: number): void => {
      if (first) tallying.firstVoice(began, now);
      first = false;
    };
    line.on('mediaReset', () => {
      tallying.fault('media built anew');
      media.tearDown();
      media.build(seat.sending).catch(() => {
        tallying.fault('media could not be built anew');
      });
    });
    if (seat.asked.length > 0) countCaptions(line, outlook);
    const { peerId } = await line.request('join', {
      ...{ displayName: 'Load', hearOwn: false, keepWords: false, consent: true },
      speak: LanguageTag.parse(seat.hear === 'original' ? SPOKEN : seat.hear),
      hear: HearChoice.parse(seat.hear),
      rtpCapabilities: RtpCapabilities.parse(device.recvRtpCapabilities),
    });
    for (const speaker of seat.asked) {
      const judge = new Judge(speaker.ends(), performance.now(), verdictsInto(outlook));
      judges.set(speaker.peerId, judge);
    }
    await media.build(seat.sending);
    if (seat.waitsFor) await inTime(media.connected(seat.waitsFor));
    tallying.joined(began, performance.now());
    const bot = new LoadBot({ peerId, line, media, outlook, judges });
    line.onLost((reason) => {
      bot.#lost(reason);
    });
    failing.move();
    return bot;
  }

  /** Notes what the receivers have made up or lost since it was last asked. */
  async look(): Promise<void> {
    const { tallying } = this.#outlook;
    for (const judge of this.#judges.values()) judge.advance(performance.now());
    for (const track of await this.#media.inbound()) {
      const before = this.#known.get(track.id);
      this.#known.set(track.id, track);
      // How a receiver fares while it begins is not told: it has nothing to play then.
      if (!before) continue;
      tallying.count('received', track.packetsReceived - before.packetsReceived);
      tallying.count('lost', track.packetsLost - before.packetsLost);
      tallying.count('late', (madeUp(track) - madeUp(before)) / FRAME);
    }
  }

  async leave(): Promise<void> {
    if (!this.#here) return;
    this.#gone();
    this.#media.tearDown();
    await this.#line.request('leave', {}).catch(() => undefined);
    this.#line[Symbol.dispose]();
  }

  #lost(reason: string): void {
    if (!this.#here || this.#outlook.over.aborted) return;
    this.#outlook.tallying.fault(`connection lost: ${reason}`);
    this.#gone();
    this.#media.tearDown();
  }

  #gone(): void {
    this.#here = false;
    this.#outlook.tallying.count('present', -1);
  }
}

/** Resolves with it, or rejects when nothing can be sent. */
async function inTime(connected: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error('no way for packets'));
  }, CONNECT_MS);
  try {
    await Promise.race([connected, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Listens to a translation; `onSound` is told of each sound. */
function hear(track: MediaStreamTrack, judge: Judge, onSound: (now: number) => void): () => void {
  const sink = new wrtc.nonstandard.RTCAudioSink(track);
  sink.ondata = ({ samples }) => {
    if (!audible(samples)) return;
    const now = performance.now();
    onSound(now);
    judge.sound(now);
  };
  return () => {
    sink.stop();
  };
}

const verdictsInto = ({ tallying }: Outlook): Verdicts => ({
  heard: (saidAt, heardAt) => {
    tallying.voice(saidAt, heardAt);
  },
  over: () => {
    tallying.count('said');
  },
});

/** Sound that was made up where there should have been some. */
const madeUp = ({ concealedSamples, silentConcealedSamples }: Inbound): number =>
  concealedSamples - silentConcealedSamples;

/** Counts each finished line with words in it once, however often it changes afterwards. */
function countCaptions(line: Line, { tallying }: Outlook): void {
  let highest = 0;
  const finished = new Set<number>();
  line.on('caption', ({ sequence, final, committed }: CaptionEvent) => {
    if (!final || committed === '' || finished.has(sequence)) return;
    highest = Math.max(highest, sequence);
    finished.add(sequence);
    finished.delete(highest - REMEMBERED);
    tallying.count('captions');
  });
}
