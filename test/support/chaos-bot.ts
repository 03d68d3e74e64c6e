import wrtc from '@roamhq/wrtc';
import type { Device } from 'mediasoup-client';
import type { CaptionEvent, NewConsumer } from '../../server/protocol/events.ts';
import { HearChoice } from '../../server/protocol/ids.ts';
import { RtpCapabilities } from '../../server/protocol/rtp.ts';
import { BotMedia } from './bot-media.ts';
import type { Sending } from './bot-media.ts';
import { BotMicrophone, pcm16 } from './bot-microphone.ts';
import { Ear } from './chaos-ear.ts';
import { Line } from './chaos-line.ts';
import { tag } from './room-stage.ts';

export interface BotOptions {
  readonly url: string;
  readonly room: string;
  /** A language, or `original`. */
  readonly hear: string;
  /** 48 kHz, said over and over; a bot without it only listens. */
  readonly says?: Float32Array;
}

/**
 * A participant of a real server's meeting, from its door to the last sample: says a recording in a
 * loop, listens to every track, reads captions, and builds its media anew when it is told to.
 */
export class ChaosBot {
  readonly ears = { original: new Ear(), translation: new Ear() };
  /** Final captions, with when they came. */
  readonly captions: { readonly at: number; readonly caption: CaptionEvent }[] = [];
  /** When the media had to be built anew. */
  readonly resets: number[] = [];
  /** What went wrong that a person would have noticed. */
  readonly faults: string[] = [];
  readonly #line: Line;
  readonly #media: BotMedia;
  /** From its first word whenever the media is built. */
  readonly #sending: Sending | undefined;

  private constructor(line: Line, device: Device, says: Float32Array | undefined) {
    this.#line = line;
    this.#media = new BotMedia({
      ...{ line, device },
      onTrack: (offer, track) => this.#hear(offer, track),
      // Offers that a reset overtakes come again.
      onFault: () => undefined,
    });
    const words = says && pcm16(says);
    this.#sending = words && { open: () => new BotMicrophone(words) };
  }

  static async join({ url, room, hear, says }: BotOptions): Promise<ChaosBot> {
    const line = await Line.open(url, room);
    const device = await BotMedia.device(line);
    const bot = new ChaosBot(line, device, says);
    bot.#listen();
    await line.request('join', {
      ...{ displayName: 'Bot', hearOwn: false, keepWords: false },
      speak: tag(says ? 'en' : 'es'),
      hear: HearChoice.parse(hear),
      rtpCapabilities: RtpCapabilities.parse(device.recvRtpCapabilities),
    });
    await bot.#media.build(bot.#sending);
    return bot;
  }

  /** Where the media worker that serves this bot listens. */
  get port(): number {
    return this.#media.port;
  }

  async leave(): Promise<void> {
    this.#media.tearDown();
    await this.#line.request('leave', {});
    this.#line[Symbol.dispose]();
  }

  #listen(): void {
    this.#line.on('mediaReset', () => {
      this.resets.push(performance.now());
      this.#media.tearDown();
      this.#media
        .build(this.#sending)
        .catch((error: unknown) => this.faults.push(`rebuilding: ${String(error)}`));
    });
    this.#line.on('caption', (caption) => {
      if (caption.final) this.captions.push({ at: performance.now(), caption });
    });
    this.#line.onLost((reason) => this.faults.push(`hung up on: ${reason}`));
  }

  #hear({ track: { type } }: NewConsumer, track: MediaStreamTrack): () => void {
    if (type !== 'original' && type !== 'translation') return () => undefined;
    const sink = new wrtc.nonstandard.RTCAudioSink(track);
    const ear = this.ears[type];
    sink.ondata = ({ samples }) => {
      ear.hear(samples, performance.now());
    };
    return () => {
      sink.stop();
    };
  }
}
