import { z } from 'zod';
import { InferenceError } from './inference-error.ts';
import type { Tensor } from './tensors.ts';

/** What a server tells of one of its models. */
export interface ModelDescription {
  /** Whether its tensors have a first dimension for the requests of a batch. */
  readonly batched: boolean;
  /** Languages and such; undefined where it says nothing. */
  readonly parameters: unknown;
}

const metadata = z.object({
  inputs: z.array(z.object({ shape: z.array(z.number()) })).default([]),
  parameters: z.unknown().optional(),
});

/** A configuration of Triton's: its metadata has no parameters, so all are in one of these, as JSON. */
const configuration = z.object({
  parameters: z.object({ parley: z.object({ string_value: z.string() }) }),
});

/**
 * Asks for a model's metadata, and where that has no parameters for Triton's configuration of it.
 * `get` gives the JSON at a path below the model, and rejects with an InferenceError.
 */
export async function describeModel(
  get: (path: '' | '/config') => Promise<unknown>,
): Promise<ModelDescription> {
  const told = metadata.safeParse(await get(''));
  if (!told.success) return { batched: false, parameters: undefined };
  const { inputs, parameters } = told.data;
  // The inputs of all task models are flat.
  const batched = inputs.length > 0 && inputs.every(({ shape }) => shape.length === 2);
  return { batched, parameters: parameters ?? (await configured(get)) };
}

async function configured(get: (path: '/config') => Promise<unknown>): Promise<unknown> {
  try {
    const told = configuration.parse(await get('/config'));
    return JSON.parse(told.parameters.parley.string_value) as unknown;
  } catch (error) {
    const isSilent = error instanceof InferenceError && error.retryable;
    if (isSilent) throw error;
    return undefined;
  }
}

/** Tensors of one request as a batch of one. */
export function asBatch(tensors: readonly Tensor[]): Tensor[] {
  return tensors.map((tensor) => ({ ...tensor, shape: [1, ...tensor.shape] }));
}

/** Tensors of a batch of one; others are left as they are. */
export function ofBatch(tensors: readonly Tensor[]): Tensor[] {
  return tensors.map((tensor) => {
    const [first, ...rest] = tensor.shape;
    return first === 1 && rest.length > 0 ? { ...tensor, shape: rest } : tensor;
  });
}
