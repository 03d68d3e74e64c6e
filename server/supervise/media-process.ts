import type {
  Command,
  EngineState,
  MediaToServer,
  ServerToMedia,
  SpeakerKey,
} from '../../media/messages.ts';
import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { SpeakerCommand, SpeakerListener, SpeechMedia } from '../rooms/ports.ts';
import { SupervisedChild } from './child-process.ts';

/** A command unanswered for so long means that the process hangs. */
const COMMAND_TIMEOUT_MS = 15_000;
const METRICS_TIMEOUT_MS = 2_000;
/** Never the id of a command that is waited for. */
const SHUTDOWN_ID = -1;

type Answer = Extract<MediaToServer, { type: 'done' }>;

export interface MediaProcessOptions {
  readonly entry: string;
  readonly options: unknown;
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onEngine: (state: EngineState) => void;
  readonly log: Logger;
}

/** The media process: commands with answers, and what it hears of each speaker. */
export class MediaProcess implements SpeechMedia {
  readonly #options: MediaProcessOptions;
  readonly #child: SupervisedChild<Command, MediaToServer>;
  readonly #pending = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #listeners = new Map<SpeakerKey, SpeakerListener>();
  #rtpPort: number | undefined;
  #nextId = 0;

  constructor(options: MediaProcessOptions) {
    this.#options = options;
    this.#child = new SupervisedChild({
      name: 'media',
      entry: options.entry,
      options: options.options,
      shutdown: { id: SHUTDOWN_ID, command: { type: 'shutdown' } },
      log: options.log,
      onUp: ({ rtpPort }) => {
        this.#rtpPort = rtpPort;
        options.onUp();
      },
      onDown: () => {
        this.#down();
      },
      onMessage: (message) => {
        this.#receive(message);
      },
    });
  }

  get rtpPort(): number | undefined {
    return this.#rtpPort;
  }

  get restarts(): number {
    return this.#child.restarts;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  start(): void {
    this.#child.start();
  }

  /** Where models are served from now on. */
  async useEngine(url: string): Promise<void> {
    await this.#request({ type: 'engine', url });
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
    if (this.#rtpPort === undefined) return '';
    const slow = AbortSignal.timeout(METRICS_TIMEOUT_MS);
    const late = new Promise<string>((resolve) => {
      slow.addEventListener('abort', () => {
        resolve('');
      });
    });
    const answer = this.#request({ type: 'get-metrics' }).then(({ metrics = '' }) => metrics);
    return Promise.race([answer.catch(() => ''), late]);
  }

  async close(): Promise<void> {
    await this.#child.close();
  }

  async #request(command: ServerToMedia): Promise<Answer> {
    const id = this.#nextId++;
    if (this.#rtpPort === undefined || !this.#child.send({ id, command })) throw down();
    const answer = Promise.withResolvers<Answer>();
    this.#pending.set(id, answer);
    const hung = setTimeout(() => {
      this.#options.log.error({ command: command.type }, 'the media process does not answer');
      this.#child.kill();
    }, COMMAND_TIMEOUT_MS);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(hung);
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
        this.#options.onEngine(message);
        break;
      case 'caption':
        this.#listeners.get(message.speaker)?.onCaption(message);
        break;
      case 'translation-state':
        this.#listeners.get(message.speaker)?.onProgress(message);
        break;
      default:
        message satisfies never;
    }
  }

  #down(): void {
    this.#rtpPort = undefined;
    for (const answer of this.#pending.values()) answer.reject(down());
    this.#options.onDown();
  }
}

function down(): RequestError {
  return new RequestError('unavailable', 'the media process is not running');
}
