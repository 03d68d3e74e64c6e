import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeInferRequest,
  decodeInferResponse,
  encodeInferRequest,
  encodeInferResponse,
  JSON_LENGTH_HEADER,
} from '../../../../inference/protocol/infer-body.ts';
import type { Tensor } from '../../../../inference/protocol/tensors.ts';

const audio: Tensor = {
  name: 'audio',
  datatype: 'FP32',
  shape: [3],
  data: Float32Array.of(0, 0.5, -1),
};
const source: Tensor = { name: 'source', datatype: 'BYTES', shape: [1], data: ['en'] };
const nobody: Tensor = { name: 'targets', datatype: 'BYTES', shape: [0], data: [] };
const badRequest: unknown = expect.objectContaining({ code: 'badRequest' });

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('an infer request', () => {
  it('carries tensors and parameters, empty tensors included', () => {
    const { body, headers } = encodeInferRequest([audio, source, nobody], { sequence_id: 7 });
    const request = decodeInferRequest(body, headers[JSON_LENGTH_HEADER]);
    expect(request.inputs).toEqual([audio, source, nobody]);
    expect(request.parameters['sequence_id']).toBe(7);
    expect(request.wantsBinary('anything')).toBe(true);
  });

  it('may mix JSON and binary tensors', () => {
    const head = json({
      inputs: [
        { name: 'source', datatype: 'BYTES', shape: [1], data: ['en'] },
        { name: 'n', datatype: 'INT32', shape: [1], parameters: { binary_data_size: 4 } },
      ],
    });
    const body = Buffer.concat([head, Buffer.from([5, 0, 0, 0])]);
    const request = decodeInferRequest(body, head.length.toString());
    expect(request.inputs).toEqual([
      source,
      { name: 'n', datatype: 'INT32', shape: [1], data: Int32Array.of(5) },
    ]);
    expect(request.wantsBinary('audio')).toBe(false);
  });

  it('may ask for single outputs in binary', () => {
    const outputs = [{ name: 'audio', parameters: { binary_data: true } }, { name: 'rate' }];
    const request = decodeInferRequest(json({ inputs: [], outputs }), undefined);
    expect(request.wantsBinary('audio')).toBe(true);
    expect(request.wantsBinary('rate')).toBe(false);
  });

  it('is refused when its body is cut anywhere', () => {
    const { body, headers } = encodeInferRequest([audio, source], {});
    fc.assert(
      fc.property(fc.nat(body.length - 1), (length) => {
        const cut = body.subarray(0, length);
        expect(() => decodeInferRequest(cut, headers[JSON_LENGTH_HEADER])).toThrow(badRequest);
      }),
    );
  });

  it('never brings the reader down, whatever the bytes', () => {
    const { body, headers } = encodeInferRequest([audio, source], {});
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const damaged = Buffer.from(body);
        damaged[at] = byte;
        try {
          decodeInferRequest(damaged, headers[JSON_LENGTH_HEADER]);
        } catch (error) {
          expect(error).toEqual(badRequest);
        }
      }),
    );
  });

  it.each([
    ['a header length beyond the body', json({ inputs: [] }), '999'],
    ['a header length that is no number', json({ inputs: [] }), '-1'],
    ['bytes after the last tensor', Buffer.concat([json({ inputs: [] }), Buffer.alloc(3)]), '13'],
    ['no inputs', json({}), undefined],
    [
      'a negative dimension',
      json({ inputs: [{ name: 'a', datatype: 'FP32', shape: [-1], data: [] }] }),
      undefined,
    ],
    [
      'an unknown datatype',
      json({ inputs: [{ name: 'a', datatype: 'FP64', shape: [0], data: [] }] }),
      undefined,
    ],
    [
      'a shape beyond memory',
      json({ inputs: [{ name: 'a', datatype: 'FP32', shape: [2 ** 50], data: [] }] }),
      undefined,
    ],
    [
      'both binary and JSON data',
      json({
        inputs: [
          {
            name: 'a',
            datatype: 'FP32',
            shape: [0],
            data: [],
            parameters: { binary_data_size: 0 },
          },
        ],
      }),
      undefined,
    ],
  ])('is refused with %s', (_, body, length) => {
    expect(() => decodeInferRequest(body, length)).toThrow(badRequest);
  });
});

describe('an infer response', () => {
  it('is JSON for those who asked for nothing else', () => {
    const { body, headers } = encodeInferResponse('voice', [audio, source], {
      id: 'mine',
      wantsBinary: () => false,
    });
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body.toString())).toMatchObject({ model_name: 'voice', id: 'mine' });
    expect(decodeInferResponse(body, undefined)).toEqual([audio, source]);
  });

  it('mixes binary and JSON as asked', () => {
    const { body, headers } = encodeInferResponse('voice', [source, audio], {
      wantsBinary: (name) => name === 'audio',
    });
    expect(decodeInferResponse(body, headers[JSON_LENGTH_HEADER])).toEqual([source, audio]);
  });
});
