import { GraphBuilder, type Value } from './canary-onnx.ts';

/**
 * M2M100 in small: graphs with the names and types of Optimum's export (an encoder, and one decoder
 * with a branch for its cache), whose arithmetic can be followed. The decoder writes the source's
 * tokens one by one, letters shifted along the alphabet by as much as both language tokens say, and a
 * letter or two more in some languages. It
 * needs every one of them fed back as it should be: what was written by the decoder's cache, what was
 * read by the encoder's, which like Optimum's it gives out once and then takes from its input alone.
 */

export const LAYERS = 2;
const HEADS = 2;
const SIZE = 3;
const WIDTH = HEADS * SIZE;
const END = 2;
/** Languages differ by so many letters in length, less one. */
const LONGEST = 3;

/** Where the letters are among the tokens, and how many tokens there are. */
export interface ToyAlphabet {
  readonly first: number;
  readonly letters: number;
  readonly tokens: number;
}

export function toyEncoder(): Uint8Array {
  const graph = new GraphBuilder();
  const tokens = graph.node('Unsqueeze', [graph.cast('input_ids', 'float32'), graph.int64([2])]);
  const mask = graph.node('Unsqueeze', [graph.cast('attention_mask', 'float32'), graph.int64([2])]);
  const heard = graph.node('Mul', [tokens, mask]);
  graph.node('Tile', [heard, graph.int64([1, 1, WIDTH])], {}, 'last_hidden_state');
  return graph.model(
    [
      { name: 'input_ids', type: 'int64', shape: ['batch_size', 'encoder_sequence_length'] },
      { name: 'attention_mask', type: 'int64', shape: ['batch_size', 'encoder_sequence_length'] },
    ],
    [
      {
        name: 'last_hidden_state',
        type: 'float32',
        shape: ['batch_size', 'encoder_sequence_length', WIDTH],
      },
    ],
  );
}

export function toyDecoder(alphabet: ToyAlphabet, layers = LAYERS): Uint8Array {
  const graph = new GraphBuilder();
  const int = (value: number) => graph.int64(value);

  // [batch, steps, WIDTH] as [batch, HEADS, steps, SIZE], and none of it where there is a cache.
  const split = graph.node('Reshape', ['encoder_hidden_states', graph.int64([0, 0, HEADS, SIZE])]);
  const read = graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
  const steps = graph.node('Shape', [read], { start: 2, end: 3 });
  const isFirst = graph.node('Sub', [graph.int64([1]), graph.cast('use_cache_branch', 'int64')]);
  const fresh = graph.node('Slice', [
    read,
    graph.int64([0]),
    graph.node('Mul', [steps, isFirst]),
    graph.int64([2]),
  ]);
  const ids = graph.node('Unsqueeze', [graph.cast('input_ids', 'float32'), graph.int64([1, 3])]);
  const written = graph.node('Tile', [ids, graph.int64([1, HEADS, 1, SIZE])]);

  let source = '';
  let history = '';
  for (let layer = 0; layer < layers; layer += 1) {
    for (const part of ['key', 'value']) {
      const past = (side: string) => `past_key_values.${layer}.${side}.${part}`;
      const present = (side: string) => `present.${layer}.${side}.${part}`;
      history = graph.node('Concat', [past('decoder'), written], { axis: 2 }, present('decoder'));
      source = graph.node('Concat', [past('encoder'), fresh], { axis: 2 });
      graph.node('Identity', [fresh], {}, present('encoder'));
    }
  }
  // Both as the last layer's values have them: [batch, steps].
  const flat = (cache: string) => {
    const head = graph.node('Gather', [cache, int(HEADS - 1)], { axis: 1 });
    return graph.cast(graph.node('Gather', [head, int(SIZE - 1)], { axis: 2 }), 'int64');
  };
  const at = (steps: string, step: string) => graph.node('Gather', [steps, step], { axis: 1 });
  const lastOf = (steps: string) =>
    graph.node('Sub', [graph.node('Gather', [graph.node('Shape', [steps]), int(1)]), int(1)]);
  const words = graph.node('Mul', [flat(source), 'encoder_attention_mask']);
  const said = flat(history);
  const [last, end] = [lastOf(said), lastOf(words)];
  const token = at(words, graph.node('Min', [last, end]));
  const into = at(said, graph.node('Min', [last, int(1)]));
  const from = graph.node('Mul', [at(words, int(0)), int(3)]);
  const shift = graph.node('Add', [from, graph.node('Mul', [into, int(5)])]);
  const place = graph.node('Sub', [token, int(alphabet.first)]);
  const moved = graph.node('Mod', [graph.node('Add', [place, shift]), int(alphabet.letters)]);
  const letter = graph.node('Add', [moved, int(alphabet.first)]);
  const isBefore = graph.node('Less', [token, int(alphabet.first)]);
  const isBehind = graph.node('Greater', [token, int(alphabet.first + alphabet.letters - 1)]);
  const isOther = graph.node('Or', [isBefore, isBehind]);
  const copied = graph.node('Where', [isOther, token, letter]);
  // Some languages are longer than others: they end later.
  const over = graph.node('Sub', [last, end]);
  const more = graph.node('Less', [over, graph.node('Mod', [into, int(LONGEST)])]);
  const ending = graph.node('Where', [more, int(alphabet.first), int(END)]);
  const next = graph.node('Where', [graph.node('Less', [over, int(0)]), copied, ending]);
  const range = graph.float32([-20, -0.25]);
  const scores = graph.node('OneHot', [next, int(alphabet.tokens), range], { axis: -1 });
  graph.node('Unsqueeze', [scores, graph.int64([1])], {}, 'logits');
  return graph.model(decoderInputs(layers), decoderOutputs(layers, alphabet.tokens));
}

/** What the toy makes of a text, by the numbers of the languages' tokens. */
export function toyTranslation(text: string, from: number, into: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const moved = text.replace(/[a-z]/g, (letter) => {
    const place = (letters.indexOf(letter) + from * 3 + into * 5) % letters.length;
    return letters[place] ?? '';
  });
  return moved + letters.charAt(0).repeat(into % LONGEST);
}

export const TOY_END = END;

function cache(prefix: string, layers: number, length: (side: string) => string): readonly Value[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['decoder', 'encoder'].flatMap((side) =>
      ['key', 'value'].map((part): Value => ({
        name: `${prefix}.${layer}.${side}.${part}`,
        type: 'float32',
        shape: ['batch_size', HEADS, length(side), SIZE],
      })),
    ),
  ).flat();
}

function decoderInputs(layers: number): readonly Value[] {
  const past = (side: string) =>
    side === 'decoder' ? 'past_decoder_sequence_length' : 'encoder_sequence_length_out';
  return [
    {
      name: 'encoder_attention_mask',
      type: 'int64',
      shape: ['batch_size', 'encoder_sequence_length'],
    },
    { name: 'input_ids', type: 'int64', shape: ['batch_size', 'decoder_sequence_length'] },
    {
      name: 'encoder_hidden_states',
      type: 'float32',
      shape: ['batch_size', 'encoder_sequence_length', WIDTH],
    },
    ...cache('past_key_values', layers, past),
    { name: 'use_cache_branch', type: 'bool', shape: [1] },
  ];
}

function decoderOutputs(layers: number, tokens: number): readonly Value[] {
  const present = (side: string) => `${side}_sequence_length_present`;
  return [
    { name: 'logits', type: 'float32', shape: ['batch_size', 'decoder_sequence_length', tokens] },
    ...cache('present', layers, present),
  ];
}
