import { fork, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { join as joinPath } from 'node:path';
import { defaults } from '../../config/defaults.ts';
import type { ModelsAt } from '../../inference/protocol/pool/models-at.ts';
import type { Command, MediaToServer, ServerToMedia } from '../../media/messages.ts';
import { InferenceChild } from '../support/inference-child.ts';
import { join, silence } from '../support/pcm.ts';
import { opusPackets, rtpDatagram } from '../support/rtp-builder.ts';
import { as48k } from '../support/speech.ts';

const MEDIA = joinPath(import.meta.dirname, '../../media/main.ts');
const PAYLOAD_TYPE = 100;
const PACKET_MS = 20;
/** How Chromium codes a microphone on a clean network, at the bit rate our page asks for. */
const MICROPHONE = { bitrate: 64_000, complexity: 9, lossPercent: 0 };
/** Sent before and after the speech, as a live microphone would: the VAD must see both. */
const LEAD_MS = 600;
const TAIL_MS = 1_600;

export interface Said {
  /** What was recognised, utterance after utterance. */
  readonly transcript: string;
  /** Whether translated packets arrived. */
  readonly voiced: boolean;
  /** Mean seconds per latency stage, as the media process measured them for this recording. */
  readonly stages: ReadonlyMap<string, number>;
}

interface Latencies {
  readonly sum: ReadonlyMap<string, number>;
  readonly count: ReadonlyMap<string, number>;
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
  readonly #inference: InferenceChild | undefined;
  readonly #socket: Socket;
  readonly #rtpPort: number;
  /** Translated packets by SSRC. */
  readonly #heard = new Map<number, number>();
  #commands = 0;
  #speakers = 0;

  private constructor(processes: {
    media: ChildProcess;
    inference: InferenceChild | undefined;
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
      const ssrc = packet.readUInt32BE(8);
      const count = this.#heard.get(ssrc);
      if (count !== undefined) this.#heard.set(ssrc, count + 1);
    });
  }

  /** With an inference process of its own, or with models that others serve. */
  static async create(models?: ModelsAt): Promise<CallPath> {
    const inference = models === undefined ? await InferenceChild.start() : undefined;
    const at: ModelsAt = models ?? { url: inference?.url };
    const url = at.elsewhere?.urls[0] ?? at.url ?? '';
    const options = JSON.stringify({ ...defaults.media, logLevel: 'error' });
    const media = fork(MEDIA, [options]);
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    const [rtpPort] = await Promise.all([
      told(media, (message) => (isMedia(message, 'ready') ? message.rtpPort : undefined)),
      once(socket, 'listening'),
    ]);
    const path = new CallPath({ media, inference, socket, rtpPort, url });
    const ready = told(media, (message) =>
      isMedia(message, 'engine-state') && message.state === 'ready' ? true : undefined,
    );
    await path.#command({ type: 'engine', ...at });
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
    this.#heard.set(voice.ssrc, 0);
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
    await this.#send(join(lead, audio, silence(TAIL_MS, 16_000)), ssrc);
    const transcript = await hearing();
    const after = await this.#latencies();
    await this.#command({ type: 'close-speaker', speaker });
    const packets = this.#heard.get(voice.ssrc) ?? 0;
    this.#heard.delete(voice.ssrc);
    return {
      transcript,
      voiced: packets > 0,
      stages: meanBetween(before, after),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#media.send({ id: 0, command: { type: 'shutdown' } } satisfies Command);
    await once(this.#media, 'exit');
    await this.#inference?.[Symbol.asyncDispose]();
    this.#socket.close();
  }

  /** Sends audio in real time, each packet at its own absolute deadline. */
  async #send(audio: Float32Array, ssrc: number): Promise<void> {
    const packets = await opusPackets(await as48k(audio), MICROPHONE);
    const start = performance.now();
    for (const [index, payload] of packets.entries()) {
      const due = start + index * PACKET_MS;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const fields = { sequence: index, timestamp: index * 960, ssrc, payload };
      this.#socket.send(
        rtpDatagram({ ...fields, payloadType: PAYLOAD_TYPE }),
        this.#rtpPort,
        '127.0.0.1',
      );
    }
  }

  /**
   * Follows what the media process says of a speaker. The function it returns resolves once no
   * utterance is under way, and after its voice, if any, has begun.
   */
  #understand(speaker: string) {
    const finals = new Map<number, string>();
    let interpreting = false;
    const settled = new EventTarget();
    const listen = (message: MediaToServer): void => {
      if (message.type === 'caption' && message.speaker === speaker && message.final) {
        finals.set(message.utterance, message.transcript.committed);
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
      return inOrder.join(' ');
    };
  }

  /** The latency histograms so far, by stage, and in total. */
  async #latencies(): Promise<Latencies> {
    const text = (await this.#command({ type: 'get-metrics' })) ?? '';
    const read = (what: string) => {
      const lines = text.matchAll(
        new RegExp(
          `^parley_media_voice_(?:latency|stage)_seconds_${what}(?:\\{stage="(\\w+)"\\})? (\\S+)$`,
          'gm',
        ),
      );
      return new Map(Array.from(lines, ([, stage = 'total', value]) => [stage, Number(value)]));
    };
    return { sum: read('sum'), count: read('count') };
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

/** Mean of what was observed in between, in seconds. */
function meanBetween(before: Latencies, after: Latencies): ReadonlyMap<string, number> {
  const grown = (what: 'sum' | 'count', stage: string) =>
    (after[what].get(stage) ?? 0) - (before[what].get(stage) ?? 0);
  return new Map(
    [...after.sum.keys()]
      .filter((stage) => grown('count', stage) > 0)
      .map((stage) => [stage, grown('sum', stage) / grown('count', stage)]),
  );
}
