import type { EngineInfo } from '../protocol/events.ts';
import { overall } from '../engine.ts';
import type { Logger } from '../log.ts';
import type { SpeechMedia } from '../rooms/ports.ts';
import { labelled, merged } from './exposition.ts';
import { FilesProcess } from './files-process.ts';
import { HttpProcess } from './http-process.ts';
import { MediaProcess } from './media-process.ts';
import type { Elsewhere } from './models-elsewhere.ts';

/** A program and the options it is started with. */
export interface Program {
  readonly entry: string;
  readonly options: unknown;
}

export interface ChildrenOptions {
  readonly media: Program;
  /** How many media processes run, each with a part of the rooms; at least 1. */
  readonly mediaProcesses: number;
  /** The models of this machine; undefined where all run elsewhere. */
  readonly inference: Program | undefined;
  /** Those of other machines. */
  readonly elsewhere: Elsewhere | undefined;
  /** What works on files for the API; undefined where there is none. */
  readonly files?: Program | undefined;
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
  readonly #inference: HttpProcess | undefined;
  /** Undefined where there is no API. */
  readonly files: FilesProcess | undefined;
  #modelsUrl: string | undefined;

  constructor(options: ChildrenOptions) {
    const { mediaProcesses, inference, files, log } = options;
    this.#options = options;
    this.files = files && new FilesProcess({ ...files, log });
    const others = Array.from({ length: mediaProcesses - 1 }, (_, i) => this.#mediaProcess(i + 1));
    this.#media = [this.#mediaProcess(0), ...others];
    if (inference === undefined) return;
    this.#inference = new HttpProcess({
      ...{ ...inference, name: 'inference', health: '/v2/health/live', log },
      onUrl: (url) => {
        this.#modelsUrl = url;
        for (const media of this.#media) this.#connect(media);
        this.#connectFiles();
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
    this.#connectFiles();
    this.files?.process.start();
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
    return merged([...named, inference, (await this.files?.process.metrics()) ?? '']);
  }

  /** Starts after the first, by process. */
  restarts(): Readonly<Record<string, number>> {
    return {
      ...Object.fromEntries(this.#media.map(({ name, restarts }) => [name, restarts])),
      ...(this.#inference && { inference: this.#inference.restarts }),
      ...(this.files && { files: this.files.process.restarts }),
    };
  }

  /** Processes killed because they no longer answered, by process. */
  hangs(): Readonly<Record<string, number>> {
    return {
      ...Object.fromEntries(this.#media.map(({ name, hangs }) => [name, hangs])),
      ...(this.#inference && { inference: this.#inference.hangs }),
      ...(this.files && { files: this.files.process.hangs }),
    };
  }

  async close(): Promise<void> {
    const media = this.#media.map((each) => each.close());
    await Promise.all([...media, this.files?.close(), this.#inference?.close()]);
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

  #connectFiles(): void {
    const { elsewhere } = this.#options;
    if (this.#modelsUrl === undefined && elsewhere === undefined) return;
    this.files?.useEngine({ url: this.#modelsUrl, elsewhere });
  }

  #connect(media: MediaProcess): void {
    const { elsewhere } = this.#options;
    if (this.#modelsUrl === undefined && elsewhere === undefined) return;
    if (media.ports === undefined) return;
    media.useEngine({ url: this.#modelsUrl, elsewhere }).catch((error: unknown) => {
      this.#options.log.warn(
        { err: error, process: media.name },
        'a media process was not told where the models are',
      );
    });
  }
}
