import { randomInt } from 'node:crypto';
import { loadLibopus } from 'libopus-wasm';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { Pacer } from './egress/pacer.ts';
import { Resampler } from './egress/resample.ts';
import { EngineWatcher } from './interpret/engine-watcher.ts';
import type { ConnectEngine, Report } from './interpret/ports.ts';
import type { OpenSpeaker, SpeakerShared } from './interpret/shared.ts';
import { Speaker } from './interpret/speaker.ts';
import type { ServerToMedia, SpeakerKey } from './messages.ts';
import { Metrics } from './metrics.ts';
import type { MediaOptions } from './options.ts';
import { RtpSocket } from './rtp/socket.ts';
import { SileroVad } from './vad/silero.ts';

/** What the process is given from outside. */
export interface MediaDependencies {
  readonly options: MediaOptions;
  readonly clock: Clock;
  readonly connectEngine: ConnectEngine;
  readonly report: Report;
  readonly log: Logger;
}

/** Sequences of a media process that died may still be known to the engine: start anywhere. */
const FIRST_SEQUENCE_BELOW = 2 ** 40;

/**
 * Everything in the media process, and who owns what: speakers own their streams and voices; this
 * owns speakers and what they share.
 */
export class MediaProcess {
  readonly #speakers = new Map<SpeakerKey, Speaker>();
  readonly #shared: SpeakerShared;
  readonly #resources: AsyncDisposableStack;
  readonly #engine: EngineWatcher;
  readonly #metrics: Metrics;
  readonly rtpPort: number;

  private constructor(
    parts: { shared: SpeakerShared; engine: EngineWatcher; metrics: Metrics; rtpPort: number },
    resources: AsyncDisposableStack,
  ) {
    this.#shared = parts.shared;
    this.#engine = parts.engine;
    this.#metrics = parts.metrics;
    this.rtpPort = parts.rtpPort;
    this.#resources = resources;
  }

  static async create(dependencies: MediaDependencies): Promise<MediaProcess> {
    const { options, clock, connectEngine, report } = dependencies;
    await using starting = new AsyncDisposableStack();
    await loadLibopus();
    const metrics = new Metrics();
    const meter = metrics.stage('rtp');
    const socket = await RtpSocket.create(clock, meter, options.rtpReceiveBufferBytes);
    starting.defer(() => socket.close());
    const vad = starting.use(await SileroVad.create());
    const resampler = starting.use(new Resampler());
    const late = (ms: number): void => {
      metrics.pacerLate(ms);
    };
    const pacer = starting.use(new Pacer(clock, options.pacerCatchUpMs, late));
    const engine = new EngineWatcher(connectEngine, clock, options, report);
    starting.defer(() => engine.close());
    let sequence = randomInt(FIRST_SEQUENCE_BELOW);
    const nextSequence = (): number => sequence++;
    const shared = {
      ...dependencies,
      metrics,
      socket,
      vad,
      resampler,
      pacer,
      engine,
      nextSequence,
    };
    const parts = { shared, engine, metrics, rtpPort: socket.port };
    return new MediaProcess(parts, starting.move());
  }

  /** Resolves when the command has taken effect, with its answer if it has one. */
  async handle(command: ServerToMedia): Promise<string | undefined> {
    switch (command.type) {
      case 'engine':
        await this.#engine.use(command.url);
        return undefined;
      case 'open-speaker':
        await this.#openSpeaker(command);
        return undefined;
      case 'set-targets':
        await this.#speaker(command.speaker).setTargets(command.targets, command.transcript);
        return undefined;
      case 'set-language':
        this.#speaker(command.speaker).setLanguage(command.language);
        return undefined;
      case 'set-muted':
        this.#speaker(command.speaker).setMuted(command.muted);
        return undefined;
      case 'close-speaker':
        await this.#closeSpeaker(command.speaker);
        return undefined;
      case 'get-metrics':
        return this.#metrics.text(this.#queues());
      case 'shutdown':
        await this.close();
        return undefined;
    }
  }

  /** Speakers first, then the engine, the pacer, the models and last the socket. */
  async close(): Promise<void> {
    const speakers = [...this.#speakers.values()];
    this.#speakers.clear();
    await Promise.all(speakers.map((speaker) => speaker.close()));
    await this.#resources.disposeAsync();
  }

  async #openSpeaker(command: OpenSpeaker): Promise<void> {
    if (this.#speakers.has(command.speaker)) throw new Error('this speaker is open already');
    this.#speakers.set(command.speaker, await Speaker.create(this.#shared, command));
  }

  async #closeSpeaker(key: SpeakerKey): Promise<void> {
    const speaker = this.#speaker(key);
    this.#speakers.delete(key);
    await speaker.close();
  }

  #speaker(key: SpeakerKey): Speaker {
    const speaker = this.#speakers.get(key);
    if (speaker === undefined) throw new Error('no such speaker');
    return speaker;
  }

  #queues(): Record<string, number> {
    const waiting = [...this.#speakers.values()].map((speaker) => speaker.waitingMs);
    return {
      speech: Math.max(0, ...waiting.map(({ speech }) => speech)),
      playout: Math.max(0, ...waiting.map(({ playout }) => playout)),
    };
  }
}
