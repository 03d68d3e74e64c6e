import wrtc from '@roamhq/wrtc';
import type { Device } from 'mediasoup-client';
import { Signaling } from '../../client/signaling.ts';
import { CallError } from '../../client/messages.ts';
import { Pass } from '../../client/state/pass.ts';
import type { CaptionEvent, NewConsumer } from '../../server/protocol/events.ts';
import { HearChoice, type RoomKey } from '../../server/protocol/ids.ts';
import type {
  JoinResult,
  RequestData,
  RequestName,
  Responses,
} from '../../server/protocol/requests.ts';
import { RtpCapabilities } from '../../server/protocol/rtp.ts';
import { BotMedia } from './bot-media.ts';
import type { Sending } from './bot-media.ts';
import { BotMicrophone, pcm16 } from './bot-microphone.ts';
import { Ear } from './chaos-ear.ts';
import type { Made } from './cluster-nodes.ts';
import { eventually } from './eventually.ts';
import { opusCapabilities } from './fake-sfu.ts';
import { tag } from './room-stage.ts';

export interface ClusterBotOptions {
  /** The node its page came from. */
  readonly home: string;
  readonly room: Made;
  readonly name?: string;
  readonly host?: boolean;
  /** A language, or `original`. */
  readonly hear?: string;
  /** 48 kHz, said over and over. */
  readonly says?: Float32Array;
  /** Without sound it is cheap: it reads, and asks. */
  readonly sound?: boolean;
}

/**
 * A participant whose meeting may move from node to node: with the page's own pass and signalling,
 * and media by @roamhq/wrtc that are built anew at each node.
 */
export class ClusterBot implements Disposable {
  readonly ears = { original: new Ear(), translation: new Ear() };
  readonly captions: { readonly at: number; readonly caption: CaptionEvent }[] = [];
  /** When it has come in, and at which node. */
  readonly entries: {
    readonly at: number;
    readonly server: string;
    readonly joined: JoinResult;
  }[] = [];
  /** What it was refused with, at the door or by the socket. */
  readonly refusals: string[] = [];
  readonly #options: ClusterBotOptions;
  readonly #pass: Pass;
  readonly #signaling: Signaling;
  readonly #sending: Sending | undefined;
  #media: BotMedia | undefined;
  #locating = false;
  #closed = false;

  private constructor(options: ClusterBotOptions, pass: Pass, words: Int16Array | undefined) {
    this.#options = options;
    this.#pass = pass;
    this.#sending = words && { open: () => new BotMicrophone(words) };
    this.#signaling = Signaling.open({
      token: () => pass.token(),
      server: pass.node ?? options.home,
    });
    this.#listen();
  }

  /** Resolves when it is in. */
  static async join(options: ClusterBotOptions): Promise<ClusterBot> {
    const { home, room, host = false, says } = options;
    const key: RoomKey = host ? room.hostKey : room.guestKey;
    const pass = new Pass({ roomId: room.roomId, key }, undefined, home);
    await pass.knock();
    const bot = new ClusterBot(options, pass, says && pcm16(says));
    await bot.entered(0);
    return bot;
  }

  /** The node it is at, or tries to get to. */
  get server(): string {
    return this.#pass.node ?? this.#options.home;
  }

  get connected(): boolean {
    return this.#signaling.connected;
  }

  /** Resolves when it has come in more than `times` times. */
  async entered(times: number): Promise<void> {
    await eventually(() => this.#closed || this.entries.length > times);
    if (this.entries.length <= times) throw new Error(`never came in: ${this.refusals.join()}`);
  }

  request<N extends RequestName>(name: N, data: RequestData<N>): Promise<Responses[N]> {
    return this.#signaling.request(name, data);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#media?.tearDown();
    this.#signaling.close();
  }

  #listen(): void {
    const signaling = this.#signaling;
    signaling.onConnect(() => void this.#enter());
    signaling.onConnectError((refusal) => {
      this.refusals.push(refusal ?? 'unreachable');
      void this.#relocate();
    });
    signaling.on('closing', ({ reason }) => {
      if (reason === 'moved') void this.#relocate();
      else this.refusals.push(reason);
    });
    signaling.on('mediaReset', () => void this.#build());
    signaling.on('caption', (caption) => {
      if (caption.final) this.captions.push({ at: performance.now(), caption });
    });
  }

  async #relocate(): Promise<void> {
    if (this.#locating || this.#closed) return;
    this.#locating = true;
    try {
      await this.#pass.knock();
      this.#signaling.moveTo(this.server);
    } catch (error) {
      this.refusals.push(error instanceof CallError ? `door: ${error.code}` : String(error));
    } finally {
      this.#locating = false;
    }
  }

  async #enter(): Promise<void> {
    const { sound = true, hear = 'original', name = 'Bot', says } = this.#options;
    try {
      const device = sound ? await BotMedia.device(this.#signaling) : undefined;
      const joined = await this.#signaling.request('join', {
        ...{ displayName: name, hearOwn: false, keepWords: false },
        speak: tag(says ? 'en' : 'es'),
        hear: HearChoice.parse(hear),
        rtpCapabilities: RtpCapabilities.parse(device?.recvRtpCapabilities ?? opusCapabilities),
      });
      this.#pass.keep(joined.session);
      if (device) await this.#changeOver(device);
      this.entries.push({ at: performance.now(), server: this.server, joined });
    } catch (error) {
      this.refusals.push(error instanceof CallError ? `join: ${error.code}` : String(error));
      if (error instanceof CallError && error.code === 'moved') {
        await this.#relocate();
        if (this.#signaling.connected) this.#signaling.drop();
      }
    }
  }

  /** As the page does: what was built elsewhere is let go when one is in again. */
  async #changeOver(device: Device): Promise<void> {
    this.#media ??= new BotMedia({
      ...{ line: this.#signaling, device },
      onTrack: (offer, track) => this.#hear(offer, track),
      onFault: () => undefined,
    });
    await this.#build();
  }

  async #build(): Promise<void> {
    this.#media?.tearDown();
    await this.#media?.build(this.#sending);
  }

  #hear({ track: { type } }: NewConsumer, track: MediaStreamTrack): () => void {
    if (type !== 'original' && type !== 'translation') return () => undefined;
    const sink = new wrtc.nonstandard.RTCAudioSink(track);
    sink.ondata = ({ samples }) => {
      this.ears[type].hear(samples, performance.now());
    };
    return () => {
      sink.stop();
    };
  }
}
