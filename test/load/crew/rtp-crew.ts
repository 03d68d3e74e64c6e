import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { defaults } from '../../../config/defaults.ts';
import type { MediaToServer, RtpStream } from '../../../media/messages.ts';
import { MediaOptions } from '../../../media/options.ts';
import { eventually } from '../../support/eventually.ts';
import { InferenceChild } from '../../support/inference-child.ts';
import { MediaChild } from '../../support/media-child.ts';
import { readPacket } from '../../support/sent-packets.ts';
import { Judge } from './judge.ts';
import type { RtpJob } from './messages.ts';
import type { Outlook } from './patience.ts';
import { coded, speakAll } from './rtp-sender.ts';
import type { RtpSpeaker } from './rtp-sender.ts';
import { RtpVoice } from './rtp-voice.ts';
import { librivoxScript, phraseEnds } from './speech-script.ts';
import type { SpeechScript } from './speech-script.ts';
import type { Crew } from './webrtc-crew.ts';

const PAYLOAD_TYPE = 100;
const SPOKEN = 'en';
const PACKET_MS = 20;
/** Speakers that a media process can be told to take. */
const MOST = 1_000;
/** Three of four speakers send nothing while they are silent, as browsers can. */
const WITHOUT_DTX = 4;

type ReadyEngine = Extract<MediaToServer, { type: 'engine-state'; state: 'ready' }>;

/**
 * The path of a call without its SFU: packets of many speakers straight to a media process with its
 * models, and the packets of their translations back. What the senders cost is next to nothing, so
 * that one machine can load itself with more speakers than it has cores for browsers.
 */
export class RtpCrew implements Crew {
  readonly #job: RtpJob;
  readonly #outlook: Outlook;
  readonly #parts = new AsyncDisposableStack();
  readonly #socket = createSocket('udp4');
  readonly #voices = new Map<number, RtpVoice>();
  readonly #judges: Judge[] = [];
  #speaking: Promise<void> = Promise.resolve();
  #engine: ReadyEngine | undefined;
  #languages: readonly string[] = [];

  constructor(job: RtpJob, outlook: Outlook) {
    this.#job = job;
    this.#outlook = outlook;
  }

  async begin(): Promise<void> {
    const script = await librivoxScript();
    const ways = { silent: await coded(script, true), constant: await coded(script, false) };
    const inference = this.#parts.use(await InferenceChild.start());
    const options = MediaOptions.parse({ ...defaults.media, maxStreams: MOST, logLevel: 'silent' });
    const media = this.#parts.use(
      await MediaChild.start(options, (message) => {
        this.#take(message);
      }),
    );
    await this.#listen();
    await media.command({ type: 'engine', url: inference.url });
    await eventually(() => this.#engine !== undefined || this.#outlook.over.aborted);
    this.#languages = this.#chosen();
    const saying = Array.from({ length: this.#job.speakers }, (_, number): RtpSpeaker => {
      const first = script.phrases[number % script.phrases.length]?.startMs ?? 0;
      const way = number % WITHOUT_DTX === 0 ? ways.constant : ways.silent;
      return { ssrc: this.#ssrcOf(number), script: way, from: Math.round(first / PACKET_MS) };
    });
    this.#speak(saying, media, script);
    for (const speaker of saying) {
      if (!this.#outlook.over.aborted) await this.#open(speaker, media);
    }
  }

  look(): Promise<void> {
    for (const judge of this.#judges) judge.advance(performance.now());
    return Promise.resolve();
  }

  async end(): Promise<void> {
    await this.#speaking;
    await this.#parts.disposeAsync();
  }

  async #listen(): Promise<void> {
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    this.#parts.defer(() => {
      this.#socket.close();
    });
    this.#socket.on('message', (datagram) => {
      const packet = readPacket(datagram);
      this.#voices.get(packet.ssrc)?.receive(packet, performance.now());
    });
  }

  /** A speaker's own SSRC; those of the translations follow it. */
  #ssrcOf(number: number): number {
    return 1 + number * (1 + this.#languages.length);
  }

  #speak(saying: readonly RtpSpeaker[], media: MediaChild, script: SpeechScript): void {
    const startedAt = performance.now();
    for (const { ssrc, from } of saying) {
      let first = true;
      const onSound = (now: number): void => {
        if (first) this.#outlook.tallying.firstVoice(startedAt, now);
        first = false;
      };
      for (let language = 1; language <= this.#languages.length; language += 1) {
        const ends = phraseEnds(script, startedAt, from * PACKET_MS);
        const judge = new Judge(ends, startedAt, this.#verdicts());
        this.#judges.push(judge);
        this.#voices.set(ssrc + language, new RtpVoice(judge, this.#outlook.tallying, onSound));
      }
    }
    this.#speaking = speakAll(saying, {
      payloadType: PAYLOAD_TYPE,
      send: (datagram) => {
        this.#socket.send(datagram, media.ports.rtpPort, '127.0.0.1');
      },
      over: this.#outlook.over,
    });
  }

  #verdicts() {
    const { tallying } = this.#outlook;
    return {
      heard: (saidAt: number, heardAt: number) => {
        tallying.voice(saidAt, heardAt);
      },
      over: () => {
        tallying.count('said');
      },
    };
  }

  async #open({ ssrc }: RtpSpeaker, media: MediaChild): Promise<void> {
    const began = performance.now();
    const speaker = String(ssrc);
    const { port } = this.#socket.address();
    const stream = (offset: number): RtpStream => ({
      ...{ port, payloadType: PAYLOAD_TYPE },
      ssrc: ssrc + offset,
    });
    const targets = this.#languages.map((language, index) => ({
      language,
      voice: stream(1 + index),
    }));
    await media.command({
      ...{ type: 'open-speaker', speaker, stream: stream(0), language: SPOKEN },
      voice: { kind: 'male', variant: 0 },
    });
    await media.command({ type: 'set-targets', speaker, targets, transcript: true });
    this.#outlook.tallying.count('present');
    this.#outlook.tallying.joined(began, performance.now());
  }

  #take(message: MediaToServer): void {
    if (message.type === 'engine-state' && message.state === 'ready') this.#engine = message;
    if (message.type !== 'caption' || !message.final) return;
    const written = message.translations.filter(({ committed }) => committed !== '');
    this.#outlook.tallying.count('captions', written.length);
  }

  /** Throws when the engine knows fewer languages than were asked for. */
  #chosen(): readonly string[] {
    const { pairs = [] } = this.#engine ?? {};
    const known = pairs.filter(({ source }) => source === SPOKEN).map(({ target }) => target);
    const { languages } = this.#job;
    if (known.length < languages) {
      throw new Error(
        `the engine translates English into ${known.join(', ')}; not into ${languages}`,
      );
    }
    return known.slice(0, languages);
  }
}
