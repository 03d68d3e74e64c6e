import { GraphBuilder, type Value } from './canary-onnx.ts';

/**
 * Canary in small: graphs with the names, types and shapes of the published ones (inference.md §1.2),
 * whose arithmetic is simple enough to be followed in {@link ToyReader}. What they write depends on
 * everything that a reader can get wrong: on each token of the prompt and its place, on what was fed
 * back and how, on the frames that count, and on how loud they are.
 */

export interface ToyScript {
  readonly layers: number;
  /** Tokens that the decoder can write. */
  readonly tokens: number;
  readonly end: number;
  /** Words are written from these tokens on. */
  readonly words: { readonly first: number; readonly count: number };
  /**
   * `ends`: a text of 4 to 12 tokens, by what was heard. `never`: without end. `stuck`: one token for
   * ever, from the fourth on.
   */
  readonly kind: 'ends' | 'never' | 'stuck';
  /** Length of the prompt, from which the texts' lengths count. */
  readonly prompt: number;
  /** Whether the decoder takes one utterance for several rows, as attention would. */
  readonly broadcasts: boolean;
}

export const TOY_WIDTH = 1024;
const MELS = 128;
/** Places weigh differently, and again so after so many. */
const PLACES = 31;

export const ENCODER_INPUTS: readonly Value[] = [
  { name: 'audio_signal', type: 'float32', shape: ['batch', MELS, 'frames'] },
  { name: 'length', type: 'int64', shape: ['batch'] },
];
export const ENCODER_OUTPUTS: readonly Value[] = [
  { name: 'encoder_embeddings', type: 'float32', shape: ['batch', 'steps', TOY_WIDTH] },
  { name: 'encoder_mask', type: 'int64', shape: ['batch', 'steps'] },
];

/** Frames beyond which a greedy encoder wants more memory than any machine has. */
export const GREEDY_FRAMES = 400;

/**
 * Every eighth frame, its bands repeated to the width; three times (frames - 1) / 2 + 1 steps. A greedy
 * one runs out of memory when it hears more than four seconds.
 */
export function toyEncoder({ greedy = false } = {}): Uint8Array {
  const graph = new GraphBuilder();
  const thinned = graph.node('Slice', [
    'audio_signal',
    graph.int64([0]),
    graph.int64([Number.MAX_SAFE_INTEGER]),
    graph.int64([2]),
    graph.int64([8]),
  ]);
  const steps = graph.node('Transpose', [thinned], { perm: [0, 2, 1] });
  const repeats = graph.int64([1, 1, TOY_WIDTH / MELS]);
  if (greedy) {
    const wide = graph.node('Tile', [steps, repeats]);
    graph.node('Add', [wide, zeroOfMuchMemory(graph)], {}, 'encoder_embeddings');
  } else graph.node('Tile', [steps, repeats], {}, 'encoder_embeddings');
  const shape = graph.node('Shape', [steps]);
  const count = graph.node('Gather', [shape, graph.int64(1)]);
  const places = graph.node('Range', [graph.int64(0), count, graph.int64(1)]);
  let counted = 'length';
  for (let halving = 0; halving < 3; halving += 1) {
    const less = graph.node('Sub', [counted, graph.int64(1)]);
    const half = graph.node('Div', [less, graph.int64(2)]);
    counted = graph.node('Add', [half, graph.int64(1)]);
  }
  const column = graph.node('Unsqueeze', [counted, graph.int64([1])]);
  const counts = graph.node('Less', [places, column]);
  graph.node('Cast', [counts], { to: { to: 'int64' } }, 'encoder_mask');
  return graph.model(ENCODER_INPUTS, ENCODER_OUTPUTS);
}

/** The sum of as many zeros as there is no memory for, or of one. */
function zeroOfMuchMemory(graph: GraphBuilder): string {
  const longest = graph.node('ReduceMax', ['length'], { keepdims: 1 });
  const beyond = graph.node('Sub', [longest, graph.int64([GREEDY_FRAMES])]);
  const excess = graph.node('Max', [beyond, graph.int64([0])]);
  const many = graph.node('Mul', [excess, graph.int64([2 ** 40])]);
  const size = graph.node('Max', [many, graph.int64([1])]);
  return graph.node('ReduceSum', [graph.node('ConstantOfShape', [size])], { keepdims: 0 });
}

export function decoderValues({ layers, tokens }: Pick<ToyScript, 'layers' | 'tokens'>): {
  inputs: readonly Value[];
  outputs: readonly Value[];
} {
  return {
    inputs: [
      { name: 'input_ids', type: 'int64', shape: ['batch', 'tokens'] },
      { name: 'encoder_embeddings', type: 'float32', shape: ['batch', 'steps', TOY_WIDTH] },
      { name: 'encoder_mask', type: 'int64', shape: ['batch', 'steps'] },
      { name: 'decoder_mems', type: 'float32', shape: [layers, 'batch', 'past', TOY_WIDTH] },
    ],
    outputs: [
      { name: 'logits', type: 'float32', shape: ['batch', 1, tokens] },
      {
        name: 'decoder_hidden_states',
        type: 'float32',
        shape: [layers, 'batch', 'all', TOY_WIDTH],
      },
    ],
  };
}

/** What each written token is said to be as likely as. */
export const TOY_LOGPROB = -0.25;

export function toyDecoder(script: ToyScript): Uint8Array {
  const graph = new GraphBuilder();
  const int = (value: number) => graph.int64(value);

  // What goes back into the memory: the tokens themselves, in every layer and channel.
  const idsShape = graph.node('Shape', ['input_ids']);
  const wide = graph.node('Unsqueeze', [graph.cast('input_ids', 'float32'), graph.int64([0, 3])]);
  const all = [graph.int64([script.layers]), idsShape, graph.int64([TOY_WIDTH])];
  const size = graph.node('Concat', all, { axis: 0 });
  const hidden = graph.node('Expand', [wide, size]);
  graph.node('Concat', ['decoder_mems', hidden], { axis: 2 }, 'decoder_hidden_states');

  // The history as the last layer's last channel has it, so that the memory must come back whole.
  const layer = graph.node('Gather', ['decoder_hidden_states', int(script.layers - 1)], {
    axis: 0,
  });
  const channel = graph.node('Gather', [layer, int(TOY_WIDTH - 1)], { axis: 2 });
  const history = graph.cast(channel, 'int64');
  const length = graph.node('Gather', [graph.node('Shape', [history]), int(1)]);
  const places = graph.node('Range', [int(0), length, int(1)]);
  const seventh = graph.node('Mul', [places, int(7)]);
  const weights = graph.node('Add', [graph.node('Mod', [seventh, int(PLACES)]), int(1)]);
  const weighed = graph.node('Mul', [history, weights]);
  const remembered = graph.node('ReduceSum', [weighed, graph.int64([1])], { keepdims: 0 });

  const heard = heardIn(graph, script.broadcasts, idsShape);

  // More than one token where there is a past is what the real graph's mask does not allow for.
  const past = graph.node('Gather', [graph.node('Shape', ['decoder_mems']), int(2)]);
  const more = graph.node('Sub', [graph.node('Gather', [idsShape, int(1)]), int(1)]);
  const misuse = graph.node('Mul', [graph.node('Mul', [past, more]), int(13)]);

  const sum = graph.node('Add', [graph.node('Add', [remembered, heard]), misuse]);
  const word = graph.node('Add', [
    graph.node('Mod', [sum, int(script.words.count)]),
    int(script.words.first),
  ]);
  const next = ended(graph, script, { word, length, heard });
  const range = graph.float32([-20, TOY_LOGPROB]);
  const logits = graph.node('OneHot', [next, int(script.tokens), range], { axis: -1 });
  graph.node('Unsqueeze', [logits, graph.int64([1])], {}, 'logits');
  const { inputs, outputs } = decoderValues(script);
  return graph.model(inputs, outputs);
}

/** How loud the loudest counted step is in one band, in quarters, and how many steps count. */
function heardIn(graph: GraphBuilder, broadcasts: boolean, idsShape: string): string {
  const band = graph.node('Gather', ['encoder_embeddings', graph.int64(TOY_WIDTH - 100)], {
    axis: 2,
  });
  const counts = graph.cast('encoder_mask', 'float32');
  const masked = graph.node('Mul', [band, counts]);
  const loudest = graph.node('ReduceMax', [masked], { axes: [1], keepdims: 0 });
  const quarters = graph.node('Floor', [graph.node('Mul', [loudest, graph.float32(4)])]);
  const steps = graph.node('ReduceSum', ['encoder_mask', graph.int64([1])], { keepdims: 0 });
  const heard = graph.node('Add', [graph.cast(quarters, 'int64'), steps]);
  if (broadcasts) return heard;
  const batch = graph.node('Slice', [idsShape, graph.int64([0]), graph.int64([1])]);
  return graph.node('Reshape', [heard, batch]);
}

function ended(
  graph: GraphBuilder,
  { kind, prompt, end, words }: ToyScript,
  { word, length, heard }: { word: string; length: string; heard: string },
): string {
  const written = graph.node('Sub', [length, graph.int64(prompt)]);
  switch (kind) {
    case 'never':
      return word;
    case 'stuck': {
      const fourth = graph.node('Greater', [written, graph.int64(2)]);
      return graph.node('Where', [fourth, graph.int64(words.first), word]);
    }
    case 'ends': {
      const most = graph.node('Add', [graph.node('Mod', [heard, graph.int64(9)]), graph.int64(3)]);
      const over = graph.node('Greater', [written, most]);
      return graph.node('Where', [over, graph.int64(end), word]);
    }
  }
}

/** What a reader must find in the toy's graphs, computed by itself from what the reader was given. */
export class ToyReader {
  readonly #script: ToyScript;

  constructor(script: ToyScript) {
    this.#script = script;
  }

  /** What is heard in features [MELS, frames] of which `length` count. */
  heard({ data, frames, length }: ToyFeatures): number {
    const steps = Math.ceil(length / 8);
    const band = (TOY_WIDTH - 100) % MELS;
    // Steps that do not count are silent, and heard as 0.
    let loudest = steps < Math.ceil(frames / 8) ? 0 : Number.NEGATIVE_INFINITY;
    for (let step = 0; step < steps; step += 1) {
      loudest = Math.max(loudest, data[band * frames + step * 8] ?? Number.NaN);
    }
    return Math.floor(Math.fround(loudest * 4)) + steps;
  }

  /** The text after a prompt and a prefix, without its end; `most` tokens with the prompt. */
  text(
    prompt: readonly number[],
    heard: number,
    { prefix = [] as readonly number[], most = 1024 } = {},
  ): number[] {
    const { words, kind, prompt: counted } = this.#script;
    const history = [...prompt, ...prefix];
    while (history.length < most) {
      const sum = history.reduce(
        (all, token, at) => all + token * (((at * 7) % PLACES) + 1),
        heard,
      );
      const written = history.length - counted;
      if (kind === 'ends' && written > (heard % 9) + 3) break;
      const isStuck = kind === 'stuck' && written > 2;
      history.push(isStuck ? words.first : words.first + (sum % words.count));
    }
    return history.slice(prompt.length);
  }
}

export interface ToyFeatures {
  readonly data: Float32Array;
  readonly frames: number;
  readonly length: number;
}
