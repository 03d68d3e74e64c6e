import type { Readable } from 'node:stream';
import type { EndpointFigures } from '../../inference/protocol/pool/endpoint.ts';
import type { ModelsAt } from '../../inference/protocol/pool/models-at.ts';
import type {
  TextRequest,
  TextResult,
  VoiceRequest,
} from '../../inference/protocol/task-models.ts';
import { systemClock } from '../clock.ts';
import { Resampler } from '../egress/resample.ts';
import type { EngineClient } from '../interpret/ports.ts';
import type { VadModel } from '../vad/model.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import type { Format } from './encode.ts';
import { FileError } from './file-error.ts';
import type { FileEvent, TranscriptionBrief } from './messages.ts';
import { FilesMetrics } from './metrics.ts';
import type { JobKind } from './metrics.ts';
import type { FilesOptions } from './options.ts';
import { PatientEngine } from './patient-engine.ts';
import { recite } from './recital.ts';
import { transcribe } from './transcription.ts';

export interface FilesServiceParts {
  readonly options: FilesOptions;
  readonly vad: VadModel;
  /** Opens a connection to models wherever they are. */
  readonly connectModels: (at: ModelsAt) => EngineClient;
}

/**
 * Recordings to words, words to other words, words to sound: what the API asks for. Each job is an
 * iterable that ends with its signal; so many run at once, and the next is refused.
 */
export class FilesService {
  readonly metrics = new FilesMetrics(() => this.#running);
  readonly #parts: FilesServiceParts;
  readonly #engine: PatientEngine;
  readonly #resampler = new Resampler();
  readonly #closing = new AbortController();
  #client: EngineClient | undefined;
  #running = 0;

  constructor(parts: FilesServiceParts) {
    const { engineRequests, patienceMs } = parts.options;
    this.#parts = parts;
    this.#engine = new PatientEngine({
      ...{ clock: systemClock, engineRequests, patienceMs },
      engine: () => this.#client,
      onWait: () => {
        this.metrics.waited();
      },
    });
  }

  /** Models are served there from now on. What was asked of the old place is asked again of the new. */
  async useEngine(at: ModelsAt): Promise<void> {
    const before = this.#client;
    this.#client = this.#parts.connectModels(at);
    await before?.close();
  }

  /** How each of several engines fares with files; empty where there is one. */
  get endpoints(): readonly EndpointFigures[] {
    return this.#client?.figures ?? [];
  }

  /** Rejects with a FileError or an InferenceError, and with the signal's reason. */
  async *transcribe(
    recording: Readable,
    brief: TranscriptionBrief,
    asker: AbortSignal,
  ): AsyncGenerator<FileEvent, void, undefined> {
    using job = this.#begin('transcribe', asker);
    const { options, vad } = this.#parts;
    const { signal } = job;
    const sound = this.#counted(decode(recording, options, signal));
    yield* transcribe(sound, brief, { vad, options, engine: this.#engine, signal });
    job.done();
  }

  async translate(request: TextRequest, asker: AbortSignal): Promise<TextResult> {
    using job = this.#begin('translate', asker);
    const result = await this.#engine.text(request, job.signal);
    job.done();
    return result;
  }

  /** A text spoken, as a file. */
  async *speak(
    request: VoiceRequest & { readonly format: Format },
    asker: AbortSignal,
  ): AsyncGenerator<Buffer, void, undefined> {
    using job = this.#begin('speak', asker);
    const { signal } = job;
    const parts = { engine: this.#engine, resampler: this.#resampler, signal };
    const { ffmpeg } = this.#parts.options;
    yield* encode(recite(request, parts), request.format, { ffmpeg, signal });
    job.done();
  }

  /** Ends every job. */
  async close(): Promise<void> {
    this.#closing.abort(new FileError('unavailable', 'the server is stopping'));
    await this.#client?.close();
    this.#resampler[Symbol.dispose]();
  }

  async *#counted(sound: AsyncIterable<Float32Array>): AsyncGenerator<Float32Array> {
    for await (const piece of sound) {
      this.metrics.heard(piece.length / 16);
      yield piece;
    }
  }

  #begin(kind: JobKind, asker: AbortSignal) {
    if (this.#running >= this.#parts.options.jobs) {
      this.metrics.job(kind, 'refused');
      throw new FileError('unavailable', 'too much is under way; try again in a while');
    }
    this.#running += 1;
    let done = false;
    return {
      signal: AbortSignal.any([asker, this.#closing.signal]),
      done: () => {
        done = true;
      },
      [Symbol.dispose]: () => {
        this.#running -= 1;
        this.metrics.job(kind, done ? 'done' : asker.aborted ? 'cancelled' : 'failed');
      },
    };
  }
}
