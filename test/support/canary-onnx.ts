/**
 * Writes ONNX graphs: the few messages of onnx.proto that a small graph needs, in protobuf's wire format
 * (field numbers of github.com/onnx/onnx, onnx/onnx.proto).
 */

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

const ELEMENT = { float32: 1, uint8: 2, int8: 3, int64: 7, bool: 9 } as const;
export type Element = keyof typeof ELEMENT;

export interface Value {
  readonly name: string;
  readonly type: Element;
  /** A name is a size that may vary. */
  readonly shape: readonly (number | string)[];
}

type Attribute = number | readonly number[] | { readonly float: number } | { readonly to: Element };

/** Collects the nodes of a graph; each method returns the name of what it adds. */
export class GraphBuilder {
  readonly #nodes: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  #names = 0;

  /** `output` names the result where it is one of the graph's own. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = this.#name(operator),
  ): string {
    this.#nodes.push(
      message([
        ...inputs.map((input) => text(1, input)),
        text(2, output),
        text(3, `node_${this.#nodes.length}`),
        text(4, operator),
        ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
      ]),
    );
    return output;
  }

  int64(values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const raw = new Uint8Array(BigInt64Array.from(list, BigInt).buffer);
    return this.#constant('int64', typeof values === 'number' ? [] : [list.length], raw);
  }

  float32(values: number | readonly number[], shape?: readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const raw = new Uint8Array(Float32Array.from(list).buffer);
    return this.#constant(
      'float32',
      shape ?? (typeof values === 'number' ? [] : [list.length]),
      raw,
    );
  }

  int8(raw: Uint8Array, shape: readonly number[]): string {
    return this.#constant('int8', shape, raw);
  }

  /** Weights in a file beside the graph's own, from an offset on. */
  int8Beside(location: string, offset: number, shape: readonly number[]): string {
    const length = shape.reduce((product, size) => product * size, 1);
    const name = this.#name('constant');
    const entries = Object.entries({ location, offset, length }).map(([key, value]) =>
      bytes(13, message([text(1, key), text(2, String(value))])),
    );
    const dims = shape.map((size) => integer(1, size));
    const header = [...dims, integer(2, ELEMENT.int8), text(8, name)];
    this.#constants.push(message([...header, ...entries, integer(14, 1)]));
    return name;
  }

  /** For operators that give several results. */
  nodes(operator: string, inputs: readonly string[], outputs: number): readonly string[] {
    const names = Array.from({ length: outputs }, () => this.#name(operator));
    this.#nodes.push(
      message([
        ...inputs.map((input) => text(1, input)),
        ...names.map((name) => text(2, name)),
        text(3, `node_${this.#nodes.length}`),
        text(4, operator),
      ]),
    );
    return names;
  }

  cast(input: string, to: Element): string {
    return this.node('Cast', [input], { to: { to } });
  }

  /** A file's content. Opset 17, as PyTorch's exporter writes. */
  model(inputs: readonly Value[], outputs: readonly Value[]): Uint8Array {
    const graph = message([
      ...this.#nodes.map((node) => bytes(1, node)),
      text(2, 'toy'),
      ...this.#constants.map((constant) => bytes(5, constant)),
      ...inputs.map((value) => bytes(11, valueInfo(value))),
      ...outputs.map((value) => bytes(12, valueInfo(value))),
    ]);
    return message([
      integer(1, 8),
      bytes(7, graph),
      bytes(8, message([text(1, ''), integer(2, 17)])),
    ]);
  }

  #constant(type: Element, dims: readonly number[], raw: Uint8Array): string {
    const name = this.#name('constant');
    const header = [...dims.map((size) => integer(1, size)), integer(2, ELEMENT[type])];
    this.#constants.push(message([...header, text(8, name), bytes(9, raw)]));
    return name;
  }

  #name(kind: string): string {
    this.#names += 1;
    return `${kind}_${this.#names}`;
  }
}

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return message([text(1, name), integer(3, value), integer(20, 2)]);
  if ('to' in value) return message([text(1, name), integer(3, ELEMENT[value.to]), integer(20, 2)]);
  if ('float' in value) {
    const float = new Uint8Array(Float32Array.of(value.float).buffer);
    return message([text(1, name), tag(2, FIXED32), float, integer(20, 1)]);
  }
  return message([text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)]);
}

function valueInfo({ name, type, shape }: Value): Uint8Array {
  const dims = shape.map((size) =>
    bytes(1, message([typeof size === 'number' ? integer(1, size) : text(2, size)])),
  );
  const tensor = message([integer(1, ELEMENT[type]), bytes(2, message(dims))]);
  return message([text(1, name), bytes(2, message([bytes(1, tensor)]))]);
}

function message(fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return message([tag(field, BYTES), varint(value.length), value]);
}

function integer(field: number, value: number): Uint8Array {
  return message([tag(field, VARINT), varint(value)]);
}

function tag(field: number, wire: number): Uint8Array {
  return varint(field * 8 + wire);
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) digits.push(Number(rest & 127n) | 128);
  digits.push(Number(rest));
  return Uint8Array.from(digits);
}
