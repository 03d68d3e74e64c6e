import type { Graph, Value } from './graph.ts';
import { ModelError } from './model-error.ts';

/** An input or output as a model's description has it. */
export interface Expected {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  /**
   * A number is a size that must be so where the graph fixes it; a name may be any size. Left out
   * where the description does not say.
   */
  readonly shape?: readonly (number | string)[];
}

export interface Contract {
  readonly inputs: readonly Expected[];
  readonly outputs: readonly Expected[];
}

/**
 * Other exports of a model use the same words for other things; so a graph that differs from what is
 * expected in a name, a type or a fixed dimension is refused when it is loaded, not found out by
 * nonsense. Throws a ModelError.
 */
export function expectGraph(graph: Graph, contract: Contract): void {
  for (const [kind, expected, found] of [
    ['input', contract.inputs, graph.inputs],
    ['output', contract.outputs, graph.outputs],
  ] as const) {
    const foreign = found.find(({ name }) => !expected.some((one) => one.name === name));
    if (foreign) throw new ModelError(graph.file, `has a foreign ${kind} '${foreign.name}'`);
    for (const one of expected) {
      const value = found.find(({ name }) => name === one.name);
      if (!value) throw new ModelError(graph.file, `has no ${kind} '${one.name}'`);
      if (!suits(value, one)) {
        throw new ModelError(
          graph.file,
          `${kind} '${one.name}' is ${written(value)} and not ${written(one)}`,
        );
      }
    }
  }
}

function suits(value: Value, { type, shape }: Expected): boolean {
  return (
    value.type === type &&
    (shape === undefined ||
      (value.shape.length === shape.length &&
        shape.every((size, at) => {
          const actual = value.shape[at];
          return typeof size !== 'number' || typeof actual !== 'number' || actual === size;
        })))
  );
}

function written({ type, shape }: { readonly type: string; readonly shape?: Value['shape'] }) {
  return shape === undefined ? type : `${type} [${shape.join(', ')}]`;
}
