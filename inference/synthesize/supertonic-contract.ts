import { expectGraph, type Contract } from '../onnx/contract.ts';
import type { Graph } from '../onnx/graph.ts';
import type { GraphName, Style, SupertonicShape } from './supertonic-files.ts';

/** What the graphs must fit together with. */
export interface Surroundings {
  readonly shape: SupertonicShape;
  readonly style: Style;
}

/**
 * What Supertonic's graphs take and give (inference.md §6). Of results only those are measured that are
 * not passed on as they are.
 */
function contractOf(name: GraphName, { shape, style }: Surroundings): Contract {
  const textIds = { name: 'text_ids', type: 'int64', shape: ['batch', 'text'] } as const;
  const textMask = { name: 'text_mask', type: 'float32', shape: ['batch', 1, 'text'] } as const;
  const styleDp = {
    name: 'style_dp',
    type: 'float32',
    shape: ['batch', ...sizes(style.dp)],
  } as const;
  const styleTtl = {
    name: 'style_ttl',
    type: 'float32',
    shape: ['batch', ...sizes(style.ttl)],
  } as const;
  const latent = ['batch', shape.latentChannels, 'steps'] as const;
  switch (name) {
    case 'duration_predictor':
      return {
        inputs: [textIds, styleDp, textMask],
        outputs: [{ name: 'duration', type: 'float32' }],
      };
    case 'text_encoder':
      return {
        inputs: [textIds, styleTtl, textMask],
        outputs: [{ name: 'text_emb', type: 'float32' }],
      };
    case 'vector_estimator':
      return {
        inputs: [
          { name: 'noisy_latent', type: 'float32', shape: latent },
          { name: 'text_emb', type: 'float32' },
          styleTtl,
          textMask,
          { name: 'latent_mask', type: 'float32', shape: ['batch', 1, 'steps'] },
          { name: 'total_step', type: 'float32', shape: ['batch'] },
          { name: 'current_step', type: 'float32', shape: ['batch'] },
        ],
        outputs: [{ name: 'denoised_latent', type: 'float32', shape: latent }],
      };
    case 'vocoder':
      return {
        inputs: [{ name: 'latent', type: 'float32', shape: latent }],
        outputs: [{ name: 'wav_tts', type: 'float32' }],
      };
  }
}

/** Throws a ModelError. */
export function expectSupertonic(graph: Graph, name: GraphName, around: Surroundings): void {
  expectGraph(graph, contractOf(name, around));
}

function sizes({ dims }: Style['dp']): readonly [number, number] {
  return [dims[1], dims[2]];
}
