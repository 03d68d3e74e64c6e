import type { Logger } from 'pino';
import { decode, type Row, type Text } from './decode.ts';
import { Decoder } from './decoder.ts';
import { countedSteps, Encoder, type Heard } from './encoder.ts';
import { atLeastASecond, LogMel } from './mel.ts';
import { graphsFor, readModelDirectory, type Precision } from './model-files.ts';
import {
  devicesFor,
  onFirstDevice,
  physicalCores,
  sessionOptions,
  type Device,
  type DeviceChoice,
} from '../onnx/devices.ts';
import { freeFirstDimension } from '../onnx/free-dimensions.ts';
import { openGraph, type OpenGraph } from '../onnx/graph.ts';
import { ModelError } from '../onnx/model-error.ts';
import { END_OF_TEXT, familyOf, Prompts } from './prompt.ts';

/** Positions that the decoder knows. */
const MOST_TOKENS = 1024;
/** Tokens that NeMo allows for beyond one in each step of 80 ms. */
const SPARE_TOKENS = 50;

/** What is wanted of one utterance: any number of texts, all from one hearing. */
export interface Task {
  /** 16 kHz mono, -1 to 1, at most about 40 s. */
  readonly audio: Float32Array;
  readonly texts: readonly Pick<Row, 'prompt' | 'prefix'>[];
}

export interface Recognised {
  /** By task, and in the order of its texts. */
  readonly texts: readonly (readonly Text[])[];
  readonly encodeMs: number;
  readonly decodeMs: number;
}

export interface CanaryParts {
  readonly directory: string;
  readonly device: DeviceChoice;
  /** 0: as many as there are cores. */
  readonly threads: number;
  readonly log: Logger;
  readonly open?: OpenGraph;
  readonly devices?: readonly Device[];
}

/**
 * A Canary model: hears utterances in one run of the encoder, then writes all texts of each at once.
 * Its runs block the thread for seconds, so it lives in a process of its own (`program.ts`).
 */
export class Canary implements AsyncDisposable {
  readonly device: Device;
  readonly precision: Precision;
  readonly #mel = new LogMel();
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly #end: number;

  private constructor(loaded: Loaded, end: number) {
    this.device = loaded.device;
    this.precision = loaded.precision;
    this.#encoder = loaded.encoder;
    this.#decoder = loaded.decoder;
    this.#end = end;
  }

  /** Loads the model and lets it hear a second of silence. Rejects with a ModelError. */
  static async create(parts: CanaryParts): Promise<Canary> {
    const { directory, log } = parts;
    const files = await readModelDirectory(directory);
    const { vocabulary } = files;
    const devices = parts.devices ?? devicesFor(parts.device);
    const loaded = await onFirstDevice(devices, (device) => load(device, files, parts), log);
    const canary = new Canary(loaded, vocabulary.id(END_OF_TEXT));
    const prompts = new Prompts(vocabulary, familyOf(vocabulary));
    await canary.#warmUp(['en', 'de'].map((target) => prompts.of('en', target)));
    const { device, precision } = canary;
    log.info({ device, precision, shares: canary.#decoder.shares }, 'Canary is loaded');
    return canary;
  }

  /** Utterances of about one length are best heard together: all take as long as the longest. */
  async recognise(tasks: readonly Task[], cancelled: AbortSignal): Promise<Recognised> {
    const began = performance.now();
    const features = tasks.map(({ audio }) => this.#mel.features(atLeastASecond(audio)));
    const heard = await this.#encoder.hear(features);
    const encoded = performance.now();
    const texts = await this.#write(heard, tasks, cancelled);
    return { texts, encodeMs: encoded - began, decodeMs: performance.now() - encoded };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder.release();
    await this.#decoder.release();
  }

  async #warmUp(prompts: readonly (readonly number[])[]): Promise<void> {
    const features = this.#mel.features(atLeastASecond(new Float32Array(0)));
    await this.#decoder.probe(await this.#encoder.hear([features]), prompts);
  }

  /** Utterances of several texts one after another if these can share their hearing, else all at once. */
  async #write(
    heard: Heard,
    tasks: readonly Task[],
    cancelled: AbortSignal,
  ): Promise<readonly (readonly Text[])[]> {
    const end = this.#end;
    const rows = tasks.map(({ texts }, utterance) => {
      const most = Math.min(MOST_TOKENS, countedSteps(heard, utterance) + SPARE_TOKENS);
      return texts.map((text): Row => ({ ...text, most }));
    });
    if (this.#decoder.shares && rows.some(({ length }) => length > 1)) {
      const written: (readonly Text[])[] = [];
      for (const [utterance, own] of rows.entries()) {
        const listening = this.#decoder.listenTo(heard, utterance);
        written.push(await decode(this.#decoder, { listening, rows: own, end }, cancelled));
      }
      return written;
    }
    const owners = rows.flatMap((own, utterance) => own.map(() => utterance));
    const listening = this.#decoder.listenToEach(heard, owners);
    const all = await decode(this.#decoder, { listening, rows: rows.flat(), end }, cancelled);
    return rows.map((_, utterance) => all.filter((__, row) => owners[row] === utterance));
  }
}

/** So that several rows can look at one utterance: see Decoder.shares. */
function tellRowsApart(decoder: Uint8Array): Uint8Array {
  return freeFirstDimension(decoder, ['encoder_embeddings', 'encoder_mask'], 'utterances');
}

interface Loaded {
  readonly device: Device;
  readonly precision: Precision;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
}

async function load(
  device: Device,
  files: Awaited<ReturnType<typeof readModelDirectory>>,
  { threads, open = openGraph }: CanaryParts,
): Promise<Loaded> {
  const { precision, encoder, decoder } = graphsFor(device, files);
  const options = sessionOptions(device, threads || physicalCores());
  const graph = async (path: string, edit?: Parameters<OpenGraph>[2]) => {
    try {
      return await open(path, options, edit);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ModelError(path, `cannot be loaded: ${reason}`, { cause });
    }
  };
  const hearing = new Encoder(await graph(encoder));
  try {
    // Told apart or not, it is the same decoder: `shares` then finds out which one this is.
    const written = await graph(decoder, tellRowsApart).catch(() => graph(decoder));
    const writing = new Decoder(written, files.vocabulary.size);
    return { device, precision, encoder: hearing, decoder: writing };
  } catch (error) {
    await hearing.release();
    throw error;
  }
}
