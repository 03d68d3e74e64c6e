import { InferenceError } from './inference-error.ts';
import type { Datatype, Tensor } from './tensors.ts';

/** Single tensors of the task models: made, and found again. Finding throws `badRequest`. */

/** A tensor as model metadata describes it; -1 is a dimension of any length. */
export const signature = (name: string, datatype: Datatype, shape: readonly number[]) => ({
  name,
  datatype,
  shape,
});

export const bytes = (name: string, data: readonly string[]): Tensor => ({
  name,
  datatype: 'BYTES',
  shape: [data.length],
  data,
});

export const floats = (name: string, data: Float32Array): Tensor => ({
  name,
  datatype: 'FP32',
  shape: [data.length],
  data,
});

export function find<D extends Datatype>(
  tensors: readonly Tensor[],
  name: string,
  datatype: D,
): Extract<Tensor, { datatype: D }> {
  const found = tensors.find(
    (tensor): tensor is Extract<Tensor, { datatype: D }> =>
      tensor.name === name && tensor.datatype === datatype,
  );
  if (!found) throw new InferenceError('badRequest', `tensor '${name}' (${datatype}) is missing`);
  return found;
}

export function vector(tensors: readonly Tensor[], name: string): Float32Array {
  const { shape, data } = find(tensors, name, 'FP32');
  if (shape.length !== 1) throw new InferenceError('badRequest', `tensor '${name}' must be flat`);
  return data;
}

/** `count`: how many there must be. */
export function texts(tensors: readonly Tensor[], name: string, count?: number): readonly string[] {
  const { shape, data } = find(tensors, name, 'BYTES');
  if (shape.length !== 1 || (count !== undefined && data.length !== count)) {
    throw new InferenceError(
      'badRequest',
      `tensor '${name}' must be flat, of ${count ?? 'any'} length`,
    );
  }
  return data;
}

export function text(tensors: readonly Tensor[], name: string): string {
  return texts(tensors, name, 1)[0] ?? '';
}
