import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LAYERS, TOY_END, toyDecoder, toyEncoder, toyTranslation } from './m2m100-graphs.ts';

/**
 * A folder with a model of Xenova/m2m100_418M's form: its six files, a tokeniser that knows letters
 * instead of words, and graphs that can be followed.
 */

const SPECIAL = ['<s>', '<pad>', '</s>', '<unk>'];
const SPACE = '\u2581';
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');
const OTHERS = [SPACE, ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'-:;")];
export const TOY_LANGUAGES = ['af', 'ca', 'de', 'en', 'es', 'fr', 'ja', 'ru'];

const PIECES = [...SPECIAL, ...LETTERS, ...OTHERS];
const languageToken = (language: string): number => PIECES.length + TOY_LANGUAGES.indexOf(language);

/** What the toy says of a sentence; words stay where they are. */
export function toySays(text: string, source: string, target: string): string {
  return toyTranslation(text, languageToken(source), languageToken(target));
}

export type M2M100Contents = Map<string, string | Uint8Array>;

/** The files of a model by name. */
export function m2m100Files(): M2M100Contents {
  const tokens = PIECES.length + TOY_LANGUAGES.length;
  const alphabet = { first: SPECIAL.length, letters: LETTERS.length, tokens };
  return new Map<string, string | Uint8Array>([
    ['config.json', JSON.stringify(config(tokens))],
    ['generation_config.json', JSON.stringify(generation)],
    ['tokenizer.json', JSON.stringify(tokenizer())],
    ['tokenizer_config.json', JSON.stringify(tokenizerConfig)],
    ['onnx/encoder_model_quantized.onnx', toyEncoder()],
    ['onnx/decoder_model_merged_quantized.onnx', toyDecoder(alphabet)],
  ]);
}

/** A model's directory, gone when disposed of. */
export class ToyM2M100 implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(files: M2M100Contents = m2m100Files()): Promise<ToyM2M100> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-m2m100-'));
    for (const [name, content] of files) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
    return new ToyM2M100(directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true });
  }
}

const config = (tokens: number) => ({
  ...{ model_type: 'm2m_100', architectures: ['M2M100ForConditionalGeneration'] },
  ...{ is_encoder_decoder: true, use_cache: true, vocab_size: tokens, d_model: 6 },
  ...{ encoder_layers: LAYERS, encoder_attention_heads: 2, num_hidden_layers: LAYERS },
  ...{ decoder_layers: LAYERS, decoder_attention_heads: 2, max_position_embeddings: 1024 },
  ...{ bos_token_id: 0, pad_token_id: 1, eos_token_id: TOY_END, decoder_start_token_id: TOY_END },
});

/** As published: five beams, which Parley does without. */
const generation = {
  ...{ _from_model_config: true, bos_token_id: 0, pad_token_id: 1, eos_token_id: TOY_END },
  ...{ decoder_start_token_id: TOY_END, early_stopping: true, max_length: 200, num_beams: 5 },
};

const tokenizerConfig = {
  ...{ tokenizer_class: 'M2M100Tokenizer', model_max_length: 1024, language_codes: 'm2m100' },
  ...{
    bos_token: '<s>',
    eos_token: '</s>',
    sep_token: '</s>',
    pad_token: '<pad>',
    unk_token: '<unk>',
  },
  additional_special_tokens: TOY_LANGUAGES.map((language) => `__${language}__`),
};

function tokenizer(): object {
  const added = (content: string, id: number) => ({
    ...{ id, content, single_word: false, lstrip: false, rstrip: false },
    ...{ normalized: false, special: true },
  });
  const languages = TOY_LANGUAGES.map((language) => `__${language}__`);
  const metaspace = { type: 'Metaspace', replacement: SPACE, add_prefix_space: true };
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  const token = (id: string) => ({
    [id]: { id, ids: [[...PIECES, ...languages].indexOf(id)], tokens: [id] },
  });
  return {
    ...{ version: '1.0', truncation: null, padding: null, normalizer: null },
    added_tokens: [
      ...SPECIAL.map(added),
      ...languages.map((content, index) => added(content, PIECES.length + index)),
    ],
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('__en__'), sequence('A'), special('</s>')],
      pair: [special('__en__'), sequence('A'), sequence('B'), special('</s>')],
      special_tokens: Object.assign({}, ...['</s>', ...languages].map(token)) as object,
    },
    decoder: metaspace,
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: '<unk>', fuse_unk: true },
      ...{ continuing_subword_prefix: null, end_of_word_suffix: null },
      vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
      merges: [],
    },
  };
}
