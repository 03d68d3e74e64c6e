import { z } from 'zod';
import { InferenceError } from './inference-error.ts';
import { decodeElements, decodeJsonElements, encodeElements, type Tensor } from './tensors.ts';

/** Header of the binary tensor extension: how many bytes of the body are JSON. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

/** Body of an infer request or response, and the headers that describe it. */
export interface InferBody {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const tensorHeader = z.object({
  name: z.string(),
  datatype: z.enum(['FP32', 'INT32', 'BYTES']),
  shape: z.array(z.int().nonnegative()),
  parameters: parameters.optional(),
  data: z.array(z.unknown()).optional(),
});
type TensorHeader = z.infer<typeof tensorHeader>;

const requestHeader = z.object({
  id: z.string().optional(),
  parameters: parameters.default({}),
  inputs: z.array(tensorHeader),
  outputs: z.array(z.object({ name: z.string(), parameters: parameters.optional() })).optional(),
});
const responseHeader = z.object({ outputs: z.array(tensorHeader) });

export interface InferRequest {
  readonly id?: string | undefined;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly inputs: readonly Tensor[];
  /** Whether the asker wants this output in binary rather than JSON. */
  readonly wantsBinary: (output: string) => boolean;
}

/** All inputs in binary, all outputs asked for in binary. */
export function encodeInferRequest(
  inputs: readonly Tensor[],
  given: Readonly<Record<string, string | number | boolean>>,
): InferBody {
  return encode(
    { parameters: { ...given, binary_data_output: true } },
    'inputs',
    inputs,
    () => true,
  );
}

/** Throws `badRequest` for whatever is not exactly a request of the protocol. */
export function decodeInferRequest(body: Buffer, jsonLength: string | undefined): InferRequest {
  const { json, binary } = split(body, jsonLength);
  const header = parse(requestHeader, json);
  const all = header.parameters['binary_data_output'] === true;
  const binaryOf = new Map(
    header.outputs?.map(({ name, parameters }) => [name, parameters?.['binary_data'] ?? all]),
  );
  return {
    id: header.id,
    parameters: header.parameters,
    inputs: decode(header.inputs, binary),
    wantsBinary: (output) => (binaryOf.get(output) ?? all) === true,
  };
}

export function encodeInferResponse(
  model: string,
  outputs: readonly Tensor[],
  request: Pick<InferRequest, 'id' | 'wantsBinary'>,
): InferBody {
  const head = { model_name: model, ...(request.id === undefined ? {} : { id: request.id }) };
  return encode(head, 'outputs', outputs, request.wantsBinary);
}

/** Throws `badRequest` when the answer is not of the protocol. */
export function decodeInferResponse(body: Buffer, jsonLength: string | undefined): Tensor[] {
  const { json, binary } = split(body, jsonLength);
  return decode(parse(responseHeader, json).outputs, binary);
}

function encode(
  head: object,
  key: 'inputs' | 'outputs',
  tensors: readonly Tensor[],
  isBinary: (name: string) => boolean,
): InferBody {
  const chunks: Buffer[] = [];
  const described = tensors.map((tensor) => {
    const { name, datatype, shape } = tensor;
    if (!isBinary(name)) return { name, datatype, shape, data: Array.from<unknown>(tensor.data) };
    const bytes = encodeElements(tensor);
    chunks.push(bytes);
    return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
  });
  const json = Buffer.from(JSON.stringify({ ...head, [key]: described }));
  if (chunks.length === 0) return { body: json, headers: { 'content-type': 'application/json' } };
  return {
    body: Buffer.concat([json, ...chunks]),
    headers: {
      'content-type': 'application/octet-stream',
      [JSON_LENGTH_HEADER]: json.length.toString(),
    },
  };
}

function split(body: Buffer, jsonLength: string | undefined): { json: Buffer; binary: Buffer } {
  if (jsonLength === undefined) return { json: body, binary: Buffer.alloc(0) };
  const length = /^\d{1,10}$/.test(jsonLength) ? Number(jsonLength) : NaN;
  if (!(length <= body.length)) {
    throw new InferenceError('badRequest', `${JSON_LENGTH_HEADER} does not fit the body`);
  }
  return { json: body.subarray(0, length), binary: body.subarray(length) };
}

function decode(headers: readonly TensorHeader[], binary: Buffer): Tensor[] {
  let offset = 0;
  const tensors = headers.map((header) => {
    const { name, datatype, shape, data } = header;
    const size = header.parameters?.['binary_data_size'];
    if (size === undefined) return decodeJsonElements({ name, datatype, shape }, data ?? []);
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || data !== undefined) {
      throw new InferenceError('badRequest', `tensor '${name}' has a wrong binary_data_size`);
    }
    const end = offset + size;
    if (end > binary.length) {
      throw new InferenceError('badRequest', `the body ends inside tensor '${name}'`);
    }
    const bytes = binary.subarray(offset, end);
    offset = end;
    return decodeElements({ name, datatype, shape }, bytes);
  });
  if (offset !== binary.length) {
    throw new InferenceError('badRequest', 'the body has bytes after its last tensor');
  }
  return tensors;
}

function parse<T>(schema: z.ZodType<T>, json: Buffer): T {
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch (cause) {
    throw new InferenceError('badRequest', 'the header is not JSON', { cause });
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new InferenceError('badRequest', z.prettifyError(result.error), { cause: result.error });
  }
  return result.data;
}
