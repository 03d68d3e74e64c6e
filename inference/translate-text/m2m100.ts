import {
  env,
  LogitsProcessorList,
  LogLevel,
  pipeline,
  type TranslationPipeline,
} from '@huggingface/transformers';
import { physicalCores, sessionOptions } from '../onnx/devices.ts';
import { ModelError } from '../onnx/model-error.ts';
import { expectM2M100 } from './contract.ts';
import type { Ask } from './messages.ts';
import { readM2M100, type M2M100Files } from './model-files.ts';
import { TargetRows } from './target-rows.ts';

/** Tokens of a translation beyond one for each character: a guard against endless repetition. */
const SPARE_TOKENS = 16;
/** Positions that the decoder knows are four times as many. */
const MOST_TOKENS = 256;

export interface M2M100Parts {
  readonly directory: string;
  /** 0: as many as there are cores. */
  readonly threads: number;
}

/**
 * M2M100 (Fan et al., "Beyond English-Centric Multilingual Machine Translation", 2020), run by
 * transformers.js: any of a hundred languages into any others, greedily, a sentence at a time. All its
 * translations are written in one loop of the decoder, which costs little more than one of them alone.
 */
export class M2M100 {
  readonly #pipeline: TranslationPipeline;
  readonly #files: M2M100Files;

  private constructor(translation: TranslationPipeline, files: M2M100Files) {
    this.#pipeline = translation;
    this.#files = files;
  }

  /** Loads the model and translates a word. Rejects with a ModelError that names the file. */
  static async create({ directory, threads }: M2M100Parts): Promise<M2M100> {
    const files = await readM2M100(directory);
    onlyLocal();
    const loaded = await orModelError(directory, 'cannot be loaded', () =>
      pipeline('translation', directory, {
        device: 'cpu',
        dtype: 'q8',
        local_files_only: true,
        session_options: sessionOptions('cpu', threads || physicalCores()),
      }),
    );
    expectM2M100(loaded.model.sessions, files);
    const model = new M2M100(loaded, files);
    const targets = [...files.languages.keys()].slice(0, 2);
    const warmUp = { text: 'Hello', source: 'en', targets };
    await orModelError(directory, 'cannot be run', () => model.translate(warmUp));
    return model;
  }

  /** One text at a time: what language it is in is part of the tokeniser's state. */
  async translate({ text, source, targets }: Ask): Promise<readonly string[]> {
    const { languages, endToken } = this.#files;
    const rows = new LogitsProcessorList();
    const tokens = targets.map((target) => languages.get(target) ?? endToken);
    rows.push(new TargetRows(tokens, endToken));
    const options = {
      ...{ src_lang: source, tgt_lang: targets[0] },
      ...{ num_beams: 1, do_sample: false, logits_processor: rows },
      max_new_tokens: Math.min(MOST_TOKENS, text.length + SPARE_TOKENS),
    };
    const translated = await this.#pipeline(
      targets.map(() => text),
      options,
    );
    return translated.map(({ translation_text: said }) => said.trim());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pipeline.dispose();
  }
}

/** Nothing is fetched, nothing is written, and no failed run puts its text into the log. */
function onlyLocal(): void {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.logLevel = LogLevel.NONE;
}

async function orModelError<T>(
  directory: string,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(directory, `${what}: ${reason}`, { cause });
  }
}
