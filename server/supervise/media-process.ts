import type {
  Command,
  MediaPorts,
  MediaStats,
  MediaToServer,
  ServerToMedia,
  SpeakerKey,
  WrittenText,
} from '../../media/messages.ts';
import { Engine } from '../engine.ts';
import { RequestError } from '../errors.ts';
import { currentRequest } from '../log.ts';
import type { Logger } from '../log.ts';
import type { EngineInfo } from '../protocol/events.ts';
import type { SpeakerCommand, SpeakerListener, SpeechMedia } from '../rooms/ports.ts';
import { SupervisedChild } from './child-process.ts';

/** A command unanswered for so long, though the process gives signs of life, means that it hangs. */
const COMMAND_TIMEOUT_MS = 15_000;
/** Longest wait for what is only to be looked at. */
const LOOK_TIMEOUT_MS = 2_000;
/** Never the id of a command that is waited for. */
const SHUTDOWN_ID = -1;

/** Where models are served. */
export type EngineAt = Omit<Extract<ServerToMedia, { type: 'engine' }>, 'type'>;

type Answer = Extract<MediaToServer, { type: 'done' }>;

export interface MediaProcessOptions {
  /** Tells it from its siblings in logs and metrics. */
  readonly name: string;
  readonly entry: string;
  readonly options: unknown;
  readonly onUp: () => void;
  readonly onDown: () => void;
  /** The engine started, failed or learned something. */
  readonly onEngine: () => void;
  readonly log: Logger;
}

/** A media process: commands with answers, and what it hears of each speaker. */
export class MediaProcess implements SpeechMedia {
  readonly #options: MediaProcessOptions;
  readonly #child: SupervisedChild<Command, MediaToServer>;
  readonly #pending = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #listeners = new Map<SpeakerKey, SpeakerListener>();
  readonly #engine = new Engine();
  #ports: MediaPorts | undefined;
  #nextId = 0;

  constructor(options: MediaProcessOptions) {
    this.#options = options;
    this.#child = new SupervisedChild({
      name: options.name,
      entry: options.entry,
      options: options.options,
      shutdown: { id: SHUTDOWN_ID, command: { type: 'shutdown' } },
      log: options.log,
      onUp: ({ rtpPort, voicePort }) => {
        this.#ports = { rtpPort, voicePort };
        options.onUp();
      },
      onDown: () => {
        this.#down();
      },
      onMessage: (message) => {
        this.#receive(message);
      },
      ping: () => this.#request({ type: 'ping' }),
    });
  }

  get name(): string {
    return this.#options.name;
  }

  get ports(): MediaPorts | undefined {
    return this.#ports;
  }

  get engine(): EngineInfo {
    return this.#engine.info;
  }

  get restarts(): number {
    return this.#child.restarts;
  }

  /** How often it was killed because it no longer answered. */
  get hangs(): number {
    return this.#child.hangs;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  start(): void {
    this.#child.start();
  }

  /** Where models are served from now on. */
  async useEngine(at: EngineAt): Promise<void> {
    await this.#request({ type: 'engine', ...at });
  }

  async command(command: SpeakerCommand): Promise<void> {
    await this.#request(command);
  }

  listen(speaker: SpeakerKey, listener: SpeakerListener): () => void {
    this.#listeners.set(speaker, listener);
    return () => this.#listeners.delete(speaker);
  }

  /** Its metrics in Prometheus text form; empty while it is down or busy. */
  async metrics(): Promise<string> {
    try {
      const { metrics = '' } = await this.#look({ type: 'get-metrics' });
      return metrics;
    } catch {
      return '';
    }
  }

  async stats(speakers: readonly SpeakerKey[]): Promise<MediaStats> {
    const { stats } = await this.#look({ type: 'get-stats', speakers });
    if (stats === undefined) throw new RequestError('unavailable', 'no statistics came');
    return stats;
  }

  /** However long it takes, the process does not hang: it says by itself when it gives up. */
  async translateText(text: WrittenText): Promise<readonly string[]> {
    try {
      const { translations } = await this.#ask({ type: 'translate-text', ...text });
      if (translations?.length === text.targets.length) return translations;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new RequestError('unavailable', why, { cause });
    }
    throw new RequestError('unavailable', 'no translation came');
  }

  async close(): Promise<void> {
    await this.#child.close();
  }

  /** A request whose answer is worth nothing when it is late. */
  async #look(command: ServerToMedia): Promise<Answer> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new RequestError('unavailable', 'the media process is busy'));
    }, LOOK_TIMEOUT_MS);
    try {
      return await Promise.race([this.#request(command), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A request that is answered soon, or the process hangs. */
  async #request(command: ServerToMedia): Promise<Answer> {
    const hung = setTimeout(() => {
      this.#options.log.error(
        { command: command.type, process: this.name },
        'a media process does not answer',
      );
      this.#child.kill();
    }, COMMAND_TIMEOUT_MS);
    try {
      return await this.#ask(command);
    } finally {
      clearTimeout(hung);
    }
  }

  async #ask(command: ServerToMedia): Promise<Answer> {
    const id = this.#nextId++;
    const request = currentRequest();
    const asked = { id, command, ...(request !== undefined && { request }) };
    if (this.#ports === undefined || !this.#child.send(asked)) throw down();
    const answer = Promise.withResolvers<Answer>();
    this.#pending.set(id, answer);
    try {
      return await answer.promise;
    } finally {
      this.#pending.delete(id);
    }
  }

  #receive(message: MediaToServer): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'done':
        this.#pending.get(message.id)?.resolve(message);
        break;
      case 'failed':
        this.#pending.get(message.id)?.reject(new RequestError('internal', message.message));
        break;
      case 'engine-state':
        this.#engine.update(message);
        this.#options.onEngine();
        break;
      case 'caption':
        this.#listeners.get(message.speaker)?.onCaption(message);
        break;
      case 'translation-state':
        this.#listeners.get(message.speaker)?.onProgress(message);
        break;
      case 'language-heard':
        this.#listeners.get(message.speaker)?.onLanguage(message);
        break;
      default:
        message satisfies never;
    }
  }

  #down(): void {
    this.#ports = undefined;
    this.#engine.lost();
    for (const answer of this.#pending.values()) answer.reject(down());
    this.#options.onDown();
  }
}

function down(): RequestError {
  return new RequestError('unavailable', 'the media process is not running');
}
