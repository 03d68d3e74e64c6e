import type { EngineInfo } from '../protocol/events.ts';
import { overall } from '../engine.ts';
import type { Logger } from '../log.ts';
import type { SpeechMedia } from '../rooms/ports.ts';
import { labelled, merged } from './exposition.ts';
import { InferenceProcess } from './inference-process.ts';
import { MediaProcess } from './media-process.ts';

/** A program and the options it is started with. */
export interface Program {
  readonly entry: string;
  readonly options: unknown;
}

export interface ChildrenOptions {
  readonly media: Program;
  /** How many media processes run, each with a part of the rooms; at least 1. */
  readonly mediaProcesses: number;
  /** The models: a program to run here, or the address of those that run elsewhere. */
  readonly inference: Program | { readonly url: string };
  /** A media process came or went. */
  readonly onMediaChanged: (media: SpeechMedia) => void;
  /** The engine of a media process started, failed or learned something. */
  readonly onEngineChanged: (media: SpeechMedia) => void;
  readonly log: Logger;
}

/** The processes that make translations, brought together: media are told where the models are. */
export class Children {
  readonly #options: ChildrenOptions;
  readonly #media: readonly [MediaProcess, ...MediaProcess[]];
  readonly #inference: InferenceProcess | undefined;
  #modelsUrl: string | undefined;

  constructor(options: ChildrenOptions) {
    const { mediaProcesses, inference, log } = options;
    this.#options = options;
    const others = Array.from({ length: mediaProcesses - 1 }, (_, i) => this.#mediaProcess(i + 1));
    this.#media = [this.#mediaProcess(0), ...others];
    if ('url' in inference) {
      this.#modelsUrl = inference.url;
      return;
    }
    this.#inference = new InferenceProcess({
      ...inference,
      log,
      onUrl: (url) => {
        this.#modelsUrl = url;
        for (const media of this.#media) this.#connect(media);
      },
    });
  }

  get media(): readonly [SpeechMedia, ...SpeechMedia[]] {
    return this.#media;
  }

  /** The engine as a meeting that starts now would find it. */
  get engine(): EngineInfo {
    return overall(this.#media.map(({ engine }) => engine));
  }

  start(): void {
    for (const media of this.#media) media.start();
    this.#inference?.start();
  }

  /** Why speech cannot be translated now; empty when a new meeting would be. */
  notReady(): readonly string[] {
    const reasons: string[] = [];
    const up = this.#media.some(({ ports }) => ports !== undefined);
    if (!up) reasons.push('the media process is starting');
    const { state } = this.engine;
    if (state === 'starting') reasons.push('the translation engine is starting');
    if (state === 'failed') reasons.push('the translation engine does not answer');
    return reasons;
  }

  /** Metrics of the processes that run here; those of media processes say which one. */
  async metrics(): Promise<string> {
    const media = await Promise.all(this.#media.map((each) => each.metrics()));
    const inference = (await this.#inference?.metrics()) ?? '';
    const named = media.map((text, index) => labelled(text, 'process', String(index)));
    return merged([...named, inference]);
  }

  /** Starts after the first, by process. */
  restarts(): Readonly<Record<string, number>> {
    return {
      ...Object.fromEntries(this.#media.map(({ name, restarts }) => [name, restarts])),
      ...(this.#inference && { inference: this.#inference.restarts }),
    };
  }

  /** Processes killed because they no longer answered, by process. */
  hangs(): Readonly<Record<string, number>> {
    return {
      ...Object.fromEntries(this.#media.map(({ name, hangs }) => [name, hangs])),
      ...(this.#inference && { inference: this.#inference.hangs }),
    };
  }

  async close(): Promise<void> {
    const media = this.#media.map((each) => each.close());
    await Promise.all([...media, this.#inference?.close()]);
  }

  #mediaProcess(index: number): MediaProcess {
    const { media, onMediaChanged, onEngineChanged, log } = this.#options;
    const child: MediaProcess = new MediaProcess({
      ...media,
      name: `media-${index}`,
      log,
      onUp: () => {
        this.#connect(child);
        onMediaChanged(child);
      },
      onDown: () => {
        onMediaChanged(child);
        onEngineChanged(child);
      },
      onEngine: () => {
        onEngineChanged(child);
      },
    });
    return child;
  }

  #connect(media: MediaProcess): void {
    if (this.#modelsUrl === undefined || media.ports === undefined) return;
    media.useEngine(this.#modelsUrl).catch((error: unknown) => {
      this.#options.log.warn(
        { err: error, process: media.name },
        'a media process was not told where the models are',
      );
    });
  }
}
