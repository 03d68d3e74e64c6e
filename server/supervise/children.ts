import type { EngineInfo } from '../protocol/events.ts';
import { Engine } from '../engine.ts';
import type { Logger } from '../log.ts';
import type { SpeechMedia } from '../rooms/ports.ts';
import { InferenceProcess } from './inference-process.ts';
import { MediaProcess } from './media-process.ts';

/** A program and the options it is started with. */
export interface Program {
  readonly entry: string;
  readonly options: unknown;
}

export interface ChildrenOptions {
  readonly media: Program;
  /** The models: a program to run here, or the address of those that run elsewhere. */
  readonly inference: Program | { readonly url: string };
  /** The media process came or went. */
  readonly onMediaChanged: () => void;
  /** The engine started, failed or learned something. */
  readonly onEngineChanged: () => void;
  readonly log: Logger;
}

/** The two processes that make translations, brought together: media is told where the models are. */
export class Children {
  readonly #options: ChildrenOptions;
  readonly #media: MediaProcess;
  readonly #inference: InferenceProcess | undefined;
  readonly #engine = new Engine();
  #modelsUrl: string | undefined;

  constructor(options: ChildrenOptions) {
    const { media, inference, log } = options;
    this.#options = options;
    this.#media = new MediaProcess({
      ...media,
      log,
      onUp: () => {
        this.#connect();
        options.onMediaChanged();
      },
      onDown: () => {
        this.#engine.lost();
        options.onMediaChanged();
        options.onEngineChanged();
      },
      onEngine: (state) => {
        this.#engine.update(state);
        options.onEngineChanged();
      },
    });
    if ('url' in inference) {
      this.#modelsUrl = inference.url;
      return;
    }
    this.#inference = new InferenceProcess({
      ...inference,
      log,
      onUrl: (url) => {
        this.#modelsUrl = url;
        this.#connect();
      },
    });
  }

  get media(): SpeechMedia {
    return this.#media;
  }

  get engine(): EngineInfo {
    return this.#engine.info;
  }

  start(): void {
    this.#media.start();
    this.#inference?.start();
  }

  /** Why speech cannot be translated now; empty when it can. */
  notReady(): readonly string[] {
    const reasons: string[] = [];
    if (this.#media.rtpPort === undefined) reasons.push('the media process is starting');
    const { state } = this.#engine.info;
    if (state === 'starting') reasons.push('the translation engine is starting');
    if (state === 'failed') reasons.push('the translation engine does not answer');
    return reasons;
  }

  /** Metrics of each process that runs here. */
  async metrics(): Promise<readonly string[]> {
    return Promise.all([this.#media.metrics(), this.#inference?.metrics() ?? '']);
  }

  /** Starts after the first, by process. */
  restarts(): Readonly<Record<string, number>> {
    return {
      media: this.#media.restarts,
      ...(this.#inference && { inference: this.#inference.restarts }),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#media.close(), this.#inference?.close()]);
  }

  #connect(): void {
    if (this.#modelsUrl === undefined || this.#media.rtpPort === undefined) return;
    this.#media.useEngine(this.#modelsUrl).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'the media process was not told where the models are');
    });
  }
}
