/**
 * ONNX Runtime takes dimensions of one name to be of one size, and plans its memory by that. Canary's
 * decoder calls the number of rows and the number of utterances that they look at by one name, though
 * its attention would have several rows look at one utterance; so here they are told apart.
 *
 * Reads and writes protobuf's wire format only as far as needed (field numbers of onnx/onnx.proto):
 * ModelProto.graph = 7; GraphProto.input = 11, value_info = 13; ValueInfoProto.name = 1, type = 2;
 * TypeProto.tensor_type = 1; Tensor.shape = 2; TensorShapeProto.dim = 1; Dimension.dim_param = 2.
 */

const GRAPH = 7;
const INPUT = 11;
const VALUE_INFO = 13;

/**
 * A model whose `inputs` have a name of their own for their first dimension. What the file says of
 * shapes inside the graph goes, for it was worked out from the old names; the runtime works it out
 * again. Weights are not touched. Throws when the bytes are no model.
 */
export function freeFirstDimension(
  model: Uint8Array,
  inputs: readonly string[],
  name: string,
): Uint8Array {
  return edit(model, (field, graph) =>
    field === GRAPH
      ? edit(graph, (part, value) => {
          if (part === VALUE_INFO) return undefined;
          if (part !== INPUT || !inputs.includes(nameOf(value))) return value;
          return renamed(value, name);
        })
      : graph,
  );
}

/** Follows ValueInfoProto.type.tensor_type.shape to its first dimension. */
function renamed(value: Uint8Array, name: string): Uint8Array {
  let dimension = 0;
  const path = [2, 1, 2, 1];
  const follow = (bytes: Uint8Array, depth: number): Uint8Array =>
    edit(bytes, (field, inner) => {
      if (field !== path[depth]) return inner;
      if (depth < path.length - 1) return follow(inner, depth + 1);
      dimension += 1;
      return dimension === 1 ? written(2, new TextEncoder().encode(name)) : inner;
    });
  return follow(value, 0);
}

function nameOf(value: Uint8Array): string {
  let name = '';
  edit(value, (field, bytes) => {
    if (field === 1) name = new TextDecoder().decode(bytes);
    return bytes;
  });
  return name;
}

/** A message with its length-delimited fields replaced, or left out where `replace` says nothing. */
function edit(
  message: Uint8Array,
  replace: (field: number, bytes: Uint8Array) => Uint8Array | undefined,
): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < message.length;) {
    const tag = readVarint(message, at);
    const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    if (wire !== 2) {
      const end = skipped(message, tag.end, wire);
      parts.push(message.subarray(at, end));
      at = end;
      continue;
    }
    const length = readVarint(message, tag.end);
    const end = length.end + length.value;
    if (end > message.length) throw new Error('the model breaks off');
    const old = message.subarray(length.end, end);
    const fresh = replace(field, old);
    if (fresh === old) parts.push(message.subarray(at, end));
    else if (fresh !== undefined) parts.push(written(field, fresh));
    at = end;
  }
  return Buffer.concat(parts);
}

function skipped(message: Uint8Array, at: number, wire: number): number {
  if (wire === 0) return readVarint(message, at).end;
  if (wire === 1) return at + 8;
  if (wire === 5) return at + 4;
  throw new Error('these are no fields of a model');
}

function readVarint(message: Uint8Array, begin: number): { value: number; end: number } {
  let value = 0;
  for (let at = begin, place = 1; at < begin + 10; at += 1, place *= 128) {
    const byte = message[at];
    if (byte === undefined) break;
    value += (byte & 127) * place;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new Error('the model breaks off');
}

function written(field: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Uint8Array.from([...digits, rest]);
}
