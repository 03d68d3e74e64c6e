import { endianness } from 'node:os';
import { InferenceError } from './inference-error.ts';

/**
 * A tensor of the three datatypes that the task models use. `data` is row-major and has as many
 * elements as the product of `shape`; a dimension may be zero.
 */
export type Tensor = { readonly name: string; readonly shape: readonly number[] } & (
  | { readonly datatype: 'FP32'; readonly data: Float32Array }
  | { readonly datatype: 'INT32'; readonly data: Int32Array }
  | { readonly datatype: 'BYTES'; readonly data: readonly string[] }
);

export type Datatype = Tensor['datatype'];

/** What a header says of a tensor before its elements are read. */
export interface TensorShape {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

if (endianness() !== 'LE') throw new Error('Parley needs a little-endian machine.');

/** Number of elements of a shape; throws `badRequest` when it cannot be a tensor of ours. */
export function elementCount({ name, shape }: Omit<TensorShape, 'datatype'>): number {
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new InferenceError('badRequest', `tensor '${name}' has an impossible shape`);
  }
  return count;
}

/**
 * Elements as the binary tensor extension lays them out: little-endian, without padding; a BYTES
 * element is its length as uint32, then its bytes.
 */
export function encodeElements(tensor: Tensor): Buffer {
  if (tensor.datatype !== 'BYTES') {
    const { buffer, byteOffset, byteLength } = tensor.data;
    return Buffer.from(buffer, byteOffset, byteLength);
  }
  return Buffer.concat(
    tensor.data.flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Reads exactly the elements that the shape promises out of exactly `bytes`, or throws `badRequest`. */
export function decodeElements(shape: TensorShape, bytes: Uint8Array): Tensor {
  const count = elementCount(shape);
  if (shape.datatype === 'BYTES') {
    return { ...shape, datatype: 'BYTES', data: decodeTexts(shape.name, count, bytes) };
  }
  if (bytes.byteLength !== count * 4) {
    throw new InferenceError(
      'badRequest',
      `tensor '${shape.name}' needs ${count * 4} bytes and has ${bytes.byteLength}`,
    );
  }
  // Copied, because the offset inside a body is rarely a multiple of 4.
  const aligned = Uint8Array.from(bytes).buffer;
  return shape.datatype === 'FP32'
    ? { ...shape, datatype: 'FP32', data: new Float32Array(aligned) }
    : { ...shape, datatype: 'INT32', data: new Int32Array(aligned) };
}

/** Elements given as JSON, flat or nested in rows. */
export function decodeJsonElements(shape: TensorShape, data: readonly unknown[]): Tensor {
  const count = elementCount(shape);
  const flat: readonly unknown[] = data.flat(Math.max(1, shape.shape.length) - 1);
  if (flat.length !== count) {
    throw new InferenceError(
      'badRequest',
      `tensor '${shape.name}' needs ${count} elements and has ${flat.length}`,
    );
  }
  switch (shape.datatype) {
    case 'BYTES':
      return { ...shape, datatype: 'BYTES', data: flat.filter(isKind(shape, isText)) };
    case 'FP32':
      return {
        ...shape,
        datatype: 'FP32',
        data: Float32Array.from(flat.filter(isKind(shape, isNumber))),
      };
    case 'INT32':
      return {
        ...shape,
        datatype: 'INT32',
        data: Int32Array.from(flat.filter(isKind(shape, isInt32))),
      };
  }
}

function decodeTexts(name: string, count: number, bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const texts: string[] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (offset + 4 > bytes.byteLength) throw truncated(name);
    const end = offset + 4 + view.getUint32(offset, true);
    if (end > bytes.byteLength) throw truncated(name);
    try {
      texts.push(utf8.decode(bytes.subarray(offset + 4, end)));
    } catch (cause) {
      throw new InferenceError('badRequest', `tensor '${name}' is not UTF-8`, { cause });
    }
    offset = end;
  }
  if (offset !== bytes.byteLength) {
    throw new InferenceError('badRequest', `tensor '${name}' has bytes after its last element`);
  }
  return texts;
}

function truncated(name: string): InferenceError {
  return new InferenceError('badRequest', `tensor '${name}' is cut short`);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const isInt32 = (value: unknown): value is number =>
  isNumber(value) && Number.isInteger(value) && Math.abs(value) < 2 ** 31;

/** A filter that keeps every element, or throws at the first of another kind. */
function isKind<T>(
  { name, datatype }: TensorShape,
  is: (value: unknown) => value is T,
): (value: unknown) => value is T {
  return (value): value is T => {
    if (is(value)) return true;
    throw new InferenceError(
      'badRequest',
      `tensor '${name}' has an element that is no ${datatype}`,
    );
  };
}
