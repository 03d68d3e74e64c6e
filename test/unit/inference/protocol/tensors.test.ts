import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeElements,
  decodeJsonElements,
  elementCount,
  encodeElements,
  type Tensor,
} from '../../../../inference/protocol/tensors.ts';

const text = fc.string({ unit: 'grapheme' });
const tensors: fc.Arbitrary<Tensor> = fc.oneof(
  fc.float32Array({ maxLength: 40 }).map((data): Tensor => ({
    name: 'audio',
    datatype: 'FP32',
    shape: [data.length],
    data,
  })),
  fc.int32Array({ maxLength: 40 }).map((data): Tensor => ({
    name: 'numbers',
    datatype: 'INT32',
    shape: [1, data.length],
    data,
  })),
  fc.array(text, { maxLength: 10 }).map((data): Tensor => ({
    name: 'texts',
    datatype: 'BYTES',
    shape: [data.length],
    data,
  })),
);

const badRequest: unknown = expect.objectContaining({ code: 'badRequest' });

describe('binary elements', () => {
  it('come back as they were, at any offset in a body', () => {
    fc.assert(
      fc.property(tensors, fc.nat(7), (tensor, offset) => {
        const bytes = encodeElements(tensor);
        const body = Buffer.concat([Buffer.alloc(offset), bytes]);
        const { name, datatype, shape } = tensor;
        const decoded = decodeElements({ name, datatype, shape }, body.subarray(offset));
        expect(decoded).toEqual(tensor);
      }),
    );
  });

  it('are refused when any number of bytes is missing or too many', () => {
    fc.assert(
      fc.property(tensors, fc.integer({ min: -40, max: 40 }), (tensor, difference) => {
        const bytes = encodeElements(tensor);
        const length = bytes.length + difference;
        fc.pre(difference !== 0 && length >= 0);
        const wrong = Buffer.concat([bytes, Buffer.alloc(40)]).subarray(0, length);
        const { name, datatype, shape } = tensor;
        expect(() => decodeElements({ name, datatype, shape }, wrong)).toThrow(badRequest);
      }),
    );
  });

  it('are little-endian, and texts carry their length', () => {
    const floats: Tensor = {
      name: 'x',
      datatype: 'FP32',
      shape: [1],
      data: Float32Array.of(1),
    };
    const texts: Tensor = { name: 'x', datatype: 'BYTES', shape: [2], data: ['é', ''] };
    expect([...encodeElements(floats)]).toEqual([0, 0, 0x80, 0x3f]);
    expect([...encodeElements(texts)]).toEqual([2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0]);
  });

  it('are refused when a text claims four gigabytes, or is not UTF-8', () => {
    const shape = { name: 'x', datatype: 'BYTES', shape: [1] } as const;
    expect(() => decodeElements(shape, Buffer.from([255, 255, 255, 255, 65]))).toThrow(badRequest);
    expect(() => decodeElements(shape, Buffer.from([1, 0, 0, 0, 0xff]))).toThrow(badRequest);
  });
});

describe('JSON elements', () => {
  it('may be flat or nested in rows', () => {
    const shape = { name: 'x', datatype: 'INT32', shape: [2, 2] } as const;
    const expected = { ...shape, data: Int32Array.of(1, 2, 3, 4) };
    expect(decodeJsonElements(shape, [1, 2, 3, 4])).toEqual(expected);
    expect(
      decodeJsonElements(shape, [
        [1, 2],
        [3, 4],
      ]),
    ).toEqual(expected);
  });

  it.each([
    ['too few', 'FP32', [2], [1]],
    ['text for a number', 'FP32', [1], ['1']],
    ['null for a number', 'FP32', [1], [null]],
    ['a fraction for an integer', 'INT32', [1], [1.5]],
    ['an integer of more than 32 bits', 'INT32', [1], [2 ** 31]],
    ['a number for a text', 'BYTES', [1], [1]],
    ['deeper nesting than its shape', 'FP32', [1], [[[1]]]],
  ] as const)('are refused: %s', (_, datatype, shape, data) => {
    expect(() => decodeJsonElements({ name: 'x', datatype, shape }, data)).toThrow(badRequest);
  });
});

describe('element count', () => {
  it('is the product, zero with an empty dimension', () => {
    expect(elementCount({ name: 'x', shape: [2, 3] })).toBe(6);
    expect(elementCount({ name: 'x', shape: [1 << 20, 0] })).toBe(0);
  });

  it('is refused beyond what can be counted', () => {
    expect(() => elementCount({ name: 'x', shape: [2 ** 40, 2 ** 40] })).toThrow(badRequest);
  });
});
