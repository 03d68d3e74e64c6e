import { randomInt } from 'node:crypto';
import { loadLibopus } from 'libopus-wasm';
import type { Logger } from 'pino';
import { tracingOff } from '../inference/protocol/tracing/options.ts';
import type { TracingOptions } from '../inference/protocol/tracing/options.ts';
import { spanned, traceOf } from '../inference/protocol/tracing/span.ts';
import { startTracer } from '../inference/protocol/tracing/start-tracer.ts';
import type { Clock } from './clock.ts';
import { Pacer } from './egress/pacer.ts';
import { EgressThread } from './egress/thread.ts';
import { registerEndpoints } from './interpret/endpoint-metrics.ts';
import { EngineWatcher } from './interpret/engine-watcher.ts';
import { MeasuredEngine } from './interpret/measured-engine.ts';
import type { ConnectModels, Report } from './interpret/ports.ts';
import type { OpenSpeaker, SpeakerShared } from './interpret/shared.ts';
import { Speaker } from './interpret/speaker.ts';
import { WrittenTexts } from './interpret/written-texts.ts';
import type {
  CommandAnswer,
  MediaPorts,
  MediaStats,
  SpeakerKey,
  StageStats,
  MediaCommand,
  WrittenText,
} from './messages.ts';
import { Metrics } from './metrics.ts';
import type { Moment } from './metrics.ts';
import type { MediaOptions } from './options.ts';
import { RtpSocket } from './rtp/socket.ts';
import { MeasuredVad } from './vad/measured-vad.ts';
import { SileroVad } from './vad/silero.ts';

/** What the process is given from outside. */
export interface MediaDependencies {
  readonly options: MediaOptions;
  /** Off unless given. */
  readonly tracing?: TracingOptions;
  readonly clock: Clock;
  readonly connectModels: ConnectModels;
  readonly report: Report;
  /** The process can no longer do its work and should be replaced. */
  readonly onBroken: (error: Error) => void;
  readonly log: Logger;
}

interface Parts {
  readonly shared: SpeakerShared;
  readonly engine: EngineWatcher;
  readonly texts: WrittenTexts;
  readonly egress: EgressThread;
  readonly metrics: Metrics;
  readonly ports: MediaPorts;
}

/** Sequences of a media process that died may still be known to the engine: start anywhere. */
const FIRST_SEQUENCE_BELOW = 2 ** 40;

/**
 * Everything in the media process, and who owns what: speakers own their streams and voices; this
 * owns speakers and what they share.
 */
export class MediaProcess {
  readonly ports: MediaPorts;
  readonly #speakers = new Map<SpeakerKey, Speaker>();
  readonly #shared: SpeakerShared;
  readonly #resources: AsyncDisposableStack;
  readonly #engine: EngineWatcher;
  readonly #texts: WrittenTexts;
  readonly #egress: EgressThread;
  readonly #metrics: Metrics;

  private constructor(parts: Parts, resources: AsyncDisposableStack) {
    this.#shared = parts.shared;
    this.#engine = parts.engine;
    this.#texts = parts.texts;
    this.#egress = parts.egress;
    this.#metrics = parts.metrics;
    this.ports = parts.ports;
    this.#resources = resources;
  }

  static async create(dependencies: MediaDependencies): Promise<MediaProcess> {
    const { options, tracing = tracingOff, clock, connectModels, report, onBroken } = dependencies;
    await using starting = new AsyncDisposableStack();
    await loadLibopus();
    const metrics = new Metrics(clock);
    const tracer = await startTracer(tracing, { process: 'media', registry: metrics.registry });
    starting.defer(() => tracer.close());
    const meter = metrics.stage('rtp');
    const socket = await RtpSocket.create(clock, meter, options.rtpReceiveBufferBytes);
    starting.defer(() => socket.close());
    const gathering = { clock, gatherMs: options.vadGatherMs };
    const silero = starting.use(await SileroVad.create(gathering, options.vadModel));
    const vad = new MeasuredVad(silero, metrics.stage('vad'), clock);
    const egress = await EgressThread.create({
      ...{ options, clock },
      packets: metrics,
      onFailed: onBroken,
    });
    starting.defer(() => egress.close());
    const pacer = starting.use(new Pacer(clock, options.pacerCatchUpMs, () => undefined));
    const engine = new EngineWatcher(connectModels, clock, options, report);
    starting.defer(() => engine.close());
    registerEndpoints(metrics.registry, 'media', () => engine.endpoints);
    const texts = new WrittenTexts({
      ...{ engine, options, clock },
      meter: metrics.stage('translate'),
    });
    starting.defer(() => {
      texts.close();
    });
    let sequence = randomInt(FIRST_SEQUENCE_BELOW);
    const nextSequence = (): number => sequence++;
    const measured = new MeasuredEngine(engine, metrics, clock);
    const shared = {
      ...{ options, clock, report, log: dependencies.log },
      ...{ metrics, tracer, socket, vad, pacer, nextSequence },
      voices: egress,
      engine: measured,
    };
    const ports = { rtpPort: socket.port, voicePort: egress.voicePort };
    return new MediaProcess({ shared, engine, texts, egress, metrics, ports }, starting.move());
  }

  /** Resolves when the command has taken effect, with its answer if it has one. */
  async handle(command: MediaCommand, request?: string): Promise<CommandAnswer> {
    switch (command.type) {
      case 'engine':
        await this.#engine.use(command);
        return {};
      case 'open-speaker':
        await this.#openSpeaker(command);
        return {};
      case 'set-targets':
        await this.#speaker(command.speaker).setTargets(command.targets, command.transcript);
        return {};
      case 'set-language':
        this.#speaker(command.speaker).setLanguage(command.language);
        return {};
      case 'set-voice':
        this.#speaker(command.speaker).setVoice(command.voice);
        return {};
      case 'set-detection':
        this.#speaker(command.speaker).setDetection(command.among);
        return {};
      case 'set-muted':
        this.#speaker(command.speaker).setMuted(command.muted);
        return {};
      case 'set-gate':
        this.#speaker(command.speaker).setGate(command.gateDb);
        return {};
      case 'speak':
        this.#speaker(command.speaker).say(command.texts);
        return {};
      case 'close-speaker':
        await this.#closeSpeaker(command.speaker);
        return {};
      case 'translate-text':
        return { translations: await this.#translate(command, request) };
      case 'get-metrics':
        return { metrics: await this.#metrics.text(await this.#moment()) };
      case 'get-stats':
        return { stats: await this.#stats(command.speakers) };
      case 'shutdown':
        await this.close();
        return {};
    }
  }

  /**
   * Speakers first, then written texts, the engine, the pacer, the voices' thread, the models, the
   * socket and last what sends traces.
   */
  async close(): Promise<void> {
    const speakers = [...this.#speakers.values()];
    this.#speakers.clear();
    await Promise.all(speakers.map((speaker) => speaker.close()));
    await this.#resources.disposeAsync();
  }

  async #openSpeaker(command: OpenSpeaker): Promise<void> {
    if (this.#speakers.has(command.speaker)) throw new Error('this speaker is open already');
    if (this.#speakers.size >= this.#shared.options.maxStreams) {
      throw new Error('this media process serves no more speakers');
    }
    this.#speakers.set(command.speaker, await Speaker.create(this.#shared, command));
  }

  async #closeSpeaker(key: SpeakerKey): Promise<void> {
    const speaker = this.#speaker(key);
    this.#speakers.delete(key);
    await speaker.close();
  }

  /** In a trace of its own, which the log connects with the request that it is for. */
  #translate(text: WrittenText, request: string | undefined): Promise<readonly string[]> {
    const { tracer, log } = this.#shared;
    const span = tracer.begin('written-text', { peer: 'asked', facts: { source: text.source } });
    log.debug({ request, ...traceOf(span) }, 'a text is translated');
    return spanned(span, () => this.#texts.translate(text));
  }

  #speaker(key: SpeakerKey): Speaker {
    const speaker = this.#speakers.get(key);
    if (speaker === undefined) throw new Error('no such speaker');
    return speaker;
  }

  async #stats(keys: readonly SpeakerKey[]): Promise<MediaStats> {
    const speakers = keys.flatMap((key) => {
      const speaker = this.#speakers.get(key);
      return speaker === undefined ? [] : [speaker.stats];
    });
    return { stages: [...this.#metrics.stages, ...(await this.#voiceStages())], speakers };
  }

  async #voiceStages(): Promise<readonly StageStats[]> {
    return (await this.#egress.snapshot()).stages;
  }

  async #moment(): Promise<Moment> {
    const stages = await this.#voiceStages();
    const waiting = [...this.#speakers.values()].map((speaker) => speaker.waitingMs);
    const queues = {
      speech: Math.max(0, ...waiting.map(({ speech }) => speech)),
      playout: Math.max(0, ...waiting.map(({ playout }) => playout)),
    };
    const speakers = [...this.#speakers.values()];
    return {
      speakers: speakers.length,
      speaking: speakers.filter(({ speaking }) => speaking).length,
      voices: speakers.reduce((sum, { voices }) => sum + voices, 0),
      ...{ queues, stages },
    };
  }
}
