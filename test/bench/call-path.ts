import { fork, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { join as joinPath } from 'node:path';
import { defaults } from '../../config/defaults.ts';
import type { Command, MediaToServer, ServerToMedia } from '../../media/messages.ts';
import { join, silence } from '../support/pcm.ts';
import { opusPackets, rtpDatagram } from '../support/rtp-builder.ts';
import { as48k } from '../support/speech.ts';

const ROOT = joinPath(import.meta.dirname, '../..');
const PAYLOAD_TYPE = 100;
const PACKET_MS = 20;
/** Sent before and after the speech, as a live microphone would: the VAD must see both. */
const LEAD_MS = 600;
const TAIL_MS = 1_600;

export interface Said {
  /** What was recognised, utterance after utterance. */
  readonly transcript: string;
  /** When the packet with the given sample of the recording was sent, on performance.now(). */
  sentAt(sample: number): number;
  /** When the first translated packet after the last word arrived, if a voice was wanted. */
  readonly firstPacketAt: number | undefined;
  /** Seconds per latency stage, as the media process measured them for this recording. */
  readonly stages: ReadonlyMap<string, number>;
}

/** What a recording is said with. */
export interface Delivery {
  /** Samples of silence (16 kHz) put before it, to shift it against the packet grid. */
  readonly phase: number;
  readonly voice: boolean;
}

/**
 * The path of a call without its browser and SFU: real media and inference processes, and a UDP
 * socket that stands where mediasoup does. Opus packets leave in real time.
 */
export class CallPath implements AsyncDisposable {
  readonly url: string;
  readonly #media: ChildProcess;
  readonly #inference: ChildProcess;
  readonly #socket: Socket;
  readonly #rtpPort: number;
  readonly #heard = new Map<number, number[]>();
  #commands = 0;
  #speakers = 0;

  private constructor(processes: {
    media: ChildProcess;
    inference: ChildProcess;
    socket: Socket;
    rtpPort: number;
    url: string;
  }) {
    this.#media = processes.media;
    this.#inference = processes.inference;
    this.#socket = processes.socket;
    this.#rtpPort = processes.rtpPort;
    this.url = processes.url;
    this.#socket.on('message', (packet) => {
      this.#heard.get(packet.readUInt32BE(8))?.push(performance.now());
    });
  }

  static async create(): Promise<CallPath> {
    const { url: _remote, ...engine } = defaults.inference;
    const inference = start('inference/main.ts', { ...engine, logLevel: 'error' });
    const media = start('media/main.ts', { ...defaults.media, logLevel: 'error' });
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    const [url, rtpPort] = await Promise.all([
      told(inference, (message) => stringField(message, 'url')),
      told(media, (message) => (isMedia(message, 'ready') ? message.rtpPort : undefined)),
      once(socket, 'listening'),
    ]);
    const path = new CallPath({ media, inference, socket, rtpPort, url });
    const ready = told(media, (message) =>
      isMedia(message, 'engine-state') && message.state === 'ready' ? true : undefined,
    );
    await path.#command({ type: 'engine', url });
    await ready;
    return path;
  }

  /** Says a recording (16 kHz) as a new speaker, and resolves when all of it is understood. */
  async say(audio: Float32Array, delivery: Delivery): Promise<Said> {
    const ssrc = ++this.#speakers * 2;
    const speaker = String(ssrc);
    const { port } = this.#socket.address();
    const stream = { port, ssrc, payloadType: PAYLOAD_TYPE };
    const voice = { ...stream, ssrc: ssrc + 1 };
    const arrivals: number[] = [];
    this.#heard.set(voice.ssrc, arrivals);
    const hearing = this.#understand(speaker);
    const before = await this.#latencies();
    await this.#command({
      type: 'open-speaker',
      speaker,
      stream,
      language: 'en',
      voice: { kind: 'male', variant: 0 },
    });
    const target = { language: 'es', ...(delivery.voice && { voice }) };
    await this.#command({
      type: 'set-targets',
      speaker,
      targets: [target],
      transcript: true,
    });

    const lead = silence(LEAD_MS + delivery.phase / 16, 16_000);
    const times = await this.#send(join(lead, audio, silence(TAIL_MS, 16_000)), ssrc);
    const { transcript, lastEndedAt } = await hearing();
    const after = await this.#latencies();
    await this.#command({ type: 'close-speaker', speaker });
    this.#heard.delete(voice.ssrc);
    return {
      transcript,
      sentAt: (sample) => times[Math.floor((lead.length + sample) / 320)] ?? Number.NaN,
      firstPacketAt: arrivals.find((at) => at > lastEndedAt),
      stages: difference(after, before),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#media.send({ id: 0, command: { type: 'shutdown' } } satisfies Command);
    this.#inference.send({ type: 'shutdown' });
    await Promise.all([once(this.#media, 'exit'), once(this.#inference, 'exit')]);
    this.#socket.close();
  }

  /** Sends audio in real time, each packet at its own absolute deadline; tells when each left. */
  async #send(audio: Float32Array, ssrc: number): Promise<readonly number[]> {
    const packets = await opusPackets(await as48k(audio));
    const start = performance.now();
    const times: number[] = [];
    for (const [index, payload] of packets.entries()) {
      const due = start + index * PACKET_MS;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      times.push(performance.now());
      const fields = { sequence: index, timestamp: index * 960, ssrc, payload };
      this.#socket.send(
        rtpDatagram({ ...fields, payloadType: PAYLOAD_TYPE }),
        this.#rtpPort,
        '127.0.0.1',
      );
    }
    return times;
  }

  /**
   * Follows what the media process says of a speaker. The function it returns resolves once no
   * utterance is under way, and after its voice, if any, has begun.
   */
  #understand(speaker: string) {
    const finals = new Map<number, string>();
    let interpreting = false;
    let lastEndedAt = 0;
    const settled = new EventTarget();
    const listen = (message: MediaToServer): void => {
      if (message.type === 'caption' && message.speaker === speaker && message.final) {
        finals.set(message.utterance, message.transcript.committed);
        lastEndedAt = performance.now();
      }
      if (message.type === 'translation-state' && message.speaker === speaker) {
        interpreting = message.state === 'interpreting';
        settled.dispatchEvent(new Event('change'));
      }
    };
    this.#media.on('message', listen);
    return async () => {
      while (interpreting) await once(settled, 'change');
      this.#media.off('message', listen);
      const inOrder = [...finals].sort(([a], [b]) => a - b).map(([, text]) => text);
      return { transcript: inOrder.join(' '), lastEndedAt };
    };
  }

  /** Sums of the latency histogram, in seconds, by stage. */
  async #latencies(): Promise<ReadonlyMap<string, number>> {
    const text = (await this.#command({ type: 'get-metrics' })) ?? '';
    const sums = text.matchAll(/^parley_media_latency_seconds_sum\{stage="(\w+)"\} (\S+)$/gm);
    return new Map([...sums].map(([, stage = '', value]) => [stage, Number(value)]));
  }

  async #command(command: ServerToMedia): Promise<string | undefined> {
    const id = ++this.#commands;
    const answered = told(this.#media, (message) => {
      if (isMedia(message, 'failed') && message.id === id) throw new Error(message.message);
      return isMedia(message, 'done') && message.id === id ? message : undefined;
    });
    this.#media.send({ id, command } satisfies Command);
    return (await answered).metrics;
  }
}

function start(entry: string, options: unknown): ChildProcess {
  return fork(joinPath(ROOT, entry), [JSON.stringify(options)]);
}

/** Resolves with what `pick` makes of the first message it finds something in. */
function told<T>(child: ChildProcess, pick: (message: unknown) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = () => {
      reject(new Error('a process ended'));
    };
    const listen = (message: unknown): void => {
      try {
        const found = pick(message);
        if (found === undefined) return;
        resolve(found);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      child.off('message', listen);
      child.off('exit', gone);
    };
    child.on('message', listen);
    child.once('exit', gone);
  });
}

function isMedia<Type extends MediaToServer['type']>(
  message: unknown,
  type: Type,
): message is Extract<MediaToServer, { type: Type }> {
  return stringField(message, 'type') === type;
}

function stringField(message: unknown, name: string): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const value: unknown = Reflect.get(message, name);
  return typeof value === 'string' ? value : undefined;
}

function difference(after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) {
  return new Map([...after].map(([stage, sum]) => [stage, sum - (before.get(stage) ?? 0)]));
}
