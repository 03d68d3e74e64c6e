import type { Logger } from 'pino';
import { devicesFor, onFirstDevice, type Device, type DeviceChoice } from '../onnx/devices.ts';
import { openGraph, Tensor, type OpenGraph } from '../onnx/graph.ts';
import { ModelError } from '../onnx/model-error.ts';
import type { VoiceResult } from '../protocol/task-models.ts';
import { normalNoise } from './noise.ts';
import {
  readSupertonic,
  type Style,
  type StyleName,
  type SupertonicFiles,
} from './supertonic-files.ts';
import { loadGraphs, type LoadedGraphs, type SupertonicGraphs } from './supertonic-graphs.ts';
import { chunks, textIds, written } from './supertonic-text.ts';

/** Between the parts of a text that is spoken in several runs. */
const PAUSE_SECONDS = 0.3;
/** 300 characters take some 25 s to say; a model that wants more is broken. */
const MOST_SECONDS = 120;
const SEED = 1913;

export interface SupertonicParts {
  readonly directory: string;
  readonly device: DeviceChoice;
  /** 0: as many as there are cores. */
  readonly threads: number;
  /** Runs of the vector estimator for each part: more sound better, and take longer. */
  readonly steps: number;
  /** How much faster than the model would by itself. */
  readonly speed: number;
  readonly log: Logger;
  readonly open?: OpenGraph;
  readonly devices?: readonly Device[];
}

export interface Say {
  readonly text: string;
  /** A subtag. */
  readonly language: string;
  readonly style: StyleName;
}

/**
 * Supertonic 3: how long the text takes to say, then noise that is turned into speech of that length
 * step by step (flow matching), then sound. Its runs block the thread, so it lives in a process of its
 * own (`program.ts`).
 */
export class Supertonic implements AsyncDisposable {
  readonly device: Device;
  readonly #graphs: SupertonicGraphs;
  readonly #files: SupertonicFiles;
  readonly #parts: SupertonicParts;

  private constructor(loaded: LoadedGraphs, files: SupertonicFiles, parts: SupertonicParts) {
    this.device = loaded.device;
    this.#graphs = loaded.graphs;
    this.#files = files;
    this.#parts = parts;
  }

  /** Loads the model and lets it say a word. Rejects with a ModelError. */
  static async create(parts: SupertonicParts): Promise<Supertonic> {
    const files = await readSupertonic(parts.directory);
    const devices = parts.devices ?? devicesFor(parts.device);
    const { open = openGraph, threads, log } = parts;
    const loaded = await onFirstDevice(
      devices,
      (device) => loadGraphs(files, { device, threads, open }),
      log,
    );
    const supertonic = new Supertonic(loaded, files, parts);
    await supertonic.#warmUp();
    log.info({ device: supertonic.device }, 'Supertonic is loaded');
    return supertonic;
  }

  /** Rejects with the signal's reason between two runs. A text without words gives no sound. */
  async speak({ text, language, style }: Say, cancelled: AbortSignal): Promise<VoiceResult> {
    const { sampleRate } = this.#files.shape;
    const spoken: Float32Array[] = [];
    for (const chunk of chunks(text, language)) {
      const ids = textIds(written(chunk, language), this.#files.indexer);
      if (ids.length === 0) continue;
      if (spoken.length > 0) spoken.push(new Float32Array(PAUSE_SECONDS * sampleRate));
      spoken.push(await this.#speakOne(ids, this.#style(style), cancelled));
    }
    return { audio: joined(spoken), sampleRate };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const graph of Object.values(this.#graphs)) await graph.release();
  }

  async #speakOne(ids: BigInt64Array, style: Style, cancelled: AbortSignal): Promise<Float32Array> {
    const { sampleRate, samplesPerStep, latentChannels } = this.#files.shape;
    const { duration_predictor, text_encoder, vector_estimator, vocoder } = this.#graphs;
    const text_ids = new Tensor('int64', ids, [1, ids.length]);
    const text_mask = ones([1, 1, ids.length]);
    const style_dp = new Tensor('float32', style.dp.data, style.dp.dims);
    const style_ttl = new Tensor('float32', style.ttl.data, style.ttl.dims);

    cancelled.throwIfAborted();
    const { duration } = await duration_predictor.run({ text_ids, style_dp, text_mask });
    const seconds = floats(duration)[0] ?? Number.NaN;
    if (!(seconds > 0 && seconds <= MOST_SECONDS)) throw new Error('no length for this text');
    const samples = Math.floor((seconds / this.#parts.speed) * sampleRate);
    const steps = Math.max(1, Math.ceil(samples / samplesPerStep));

    cancelled.throwIfAborted();
    const { text_emb } = await text_encoder.run({ text_ids, style_ttl, text_mask });
    if (text_emb === undefined) throw new Error('the text encoder gave nothing');

    const noise = normalNoise(latentChannels * steps, SEED);
    let latent = new Tensor('float32', noise, [1, latentChannels, steps]);
    const total_step = scalar(this.#parts.steps);
    for (let step = 0; step < this.#parts.steps; step += 1) {
      cancelled.throwIfAborted();
      const { denoised_latent } = await vector_estimator.run({
        ...{ noisy_latent: latent, text_emb, style_ttl, text_mask },
        ...{ latent_mask: ones([1, 1, steps]), total_step, current_step: scalar(step) },
      });
      latent = new Tensor('float32', floats(denoised_latent), latent.dims);
    }

    cancelled.throwIfAborted();
    const { wav_tts } = await vocoder.run({ latent });
    const sound = floats(wav_tts).slice(0, samples);
    if (!sound.every(Number.isFinite)) throw new Error('the vocoder gave no sound');
    return sound;
  }

  #style(name: StyleName): Style {
    const style = this.#files.styles.get(name);
    if (style === undefined) throw new Error(`no style ${name}`);
    return style;
  }

  async #warmUp(): Promise<void> {
    try {
      const say: Say = { text: 'Good day.', language: 'en', style: 'M1' };
      await this.speak(say, new AbortController().signal);
    } catch (cause) {
      await this[Symbol.asyncDispose]();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ModelError(this.#parts.directory, `cannot speak: ${reason}`, { cause });
    }
  }
}

function ones(dims: readonly number[]): Tensor {
  const length = dims.reduce((product, size) => product * size, 1);
  return new Tensor('float32', new Float32Array(length).fill(1), dims);
}

function scalar(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), [1]);
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error('a graph gave no numbers');
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
