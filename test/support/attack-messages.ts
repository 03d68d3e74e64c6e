import fc from 'fast-check';
import { requests } from '../../server/protocol/requests.ts';
import type { RequestName } from '../../server/protocol/requests.ts';
import { requestNames, valuesOf } from './attack-requests.ts';

const SEED = 20_261_121;
const BASES = 60;
const DEEP = 10_000;
/** Beyond the limit for requests, below that of the transport, which hangs up. */
const MAX_BYTES = 200_000;

/** Text that stands for itself in a message: what JSON.stringify would not write. */
const raw = {
  deep: `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  deepObject: `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  infinite: '1e999',
  negativeInfinite: '-1e999',
  negativeZero: '-0',
  tooManyDigits: '1'.repeat(400),
  proto: '{"__proto__":{"polluted":true}}',
  constructor: '{"constructor":{"prototype":{"polluted":true}}}',
  twice: '{"a":1,"a":2}',
  loneSurrogate: '"\\ud800"',
  zero: '"\\u0000"',
  attachment: '{"_placeholder":true,"num":0}',
  long: `"${'x'.repeat(70_000)}"`,
  wide: `[${'0,'.repeat(20_000)}0]`,
};
type Raw = keyof typeof raw;

/** Kinds that are dear to carry are rare. */
const dear: readonly Raw[] = ['deep', 'deepObject', 'long', 'wide'];
const cheap = Object.keys(raw).filter((name) => !dear.some((each) => each === name));

const mark = (name: string) => `@raw ${name}`;
const strange: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    '',
    ' ',
    'x',
    '../..',
    '<script>',
    '\u0007',
    '🦊'.repeat(40),
  ],
  ...[[], {}, [[]], [null], { length: 1e9 }, { toJSON: 1 }, { then: 1 }, { toString: 1 }],
  ...cheap.map(mark),
];
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'then', 'toJSON', 'admin', ''];

const twist = fc.record({
  how: fc.constantFrom('drop', 'replace', 'replace', 'add', 'repeat', 'rename', 'wrap'),
  /** Picks a place among those the message has. */
  where: fc.nat(1_000),
  what: fc.oneof(
    { weight: 400, arbitrary: fc.constantFrom(...strange) },
    { weight: 1, arbitrary: fc.constantFrom(...dear.map(mark)) },
    { weight: 20, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  ),
  key: fc.constantFrom(...keys),
});
type Twist = typeof twist extends fc.Arbitrary<infer T> ? T : never;

/** Names of events that are none of ours. Those socket.io keeps for itself end a connection. */
const foreign = ['', 'deploy', 'caption', 'newPeer', 'mediaReset', 'translation:', 'constructor'];
const foreignNames = [...foreign, '__proto__', 'toString', 'hasOwnProperty', 'x'.repeat(1_000)];
const ownNames = requestNames.flatMap((name) => (name === 'leave' ? [name] : [name, name, name]));

/** One message of a page: which of its sockets sends what. */
export const attackMessage = fc.record({
  socket: fc.nat(5),
  name: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...ownNames) },
    { weight: 1, arbitrary: fc.constantFrom(...foreignNames) },
  ),
  base: fc.record({
    of: fc.oneof(
      { weight: 15, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...requestNames) },
    ),
    index: fc.nat(BASES - 1),
  }),
  twists: fc.array(twist, { maxLength: 2 }),
  /** The arguments: usually the one object, sometimes none, two, or something else. */
  shape: fc.oneof(
    { weight: 40, arbitrary: fc.constant('one' as const) },
    { weight: 3, arbitrary: fc.constantFrom('none', 'two', 'many', 'bare') },
  ),
  silent: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
});
export type AttackMessage = typeof attackMessage extends fc.Arbitrary<infer T> ? T : never;

const bases = new Map<RequestName, readonly string[]>(
  requestNames.map((name) => {
    const schema = requests[name];
    const fitting = valuesOf(schema).filter((value) => schema.safeParse(value).success);
    const sample = fc.sample(fitting, { numRuns: BASES, seed: SEED });
    return [name, sample.map((value) => JSON.stringify(value))];
  }),
);

/** The arguments of a message as JSON text, and how many attachments it speaks of. */
export function argumentsOf(message: AttackMessage): { text: string; attachments: number } {
  const data = twisted(baseOf(message), message.twists);
  const one = JSON.stringify(data).replaceAll(/"@raw (\w+)"/g, (_, name: string) => rawText(name));
  const texts = {
    one,
    none: '',
    two: `${one},{}`,
    many: Array.from({ length: 50 }, () => '{}').join(','),
    bare: JSON.stringify(message.base.index),
  };
  const chosen = texts[message.shape];
  const text = Buffer.byteLength(chosen) > MAX_BYTES ? raw.long : chosen;
  return { text, attachments: text.includes(raw.attachment) ? 1 : 0 };
}

function baseOf({ name, base }: AttackMessage): unknown {
  const own = base.of ?? requestNames.find((each) => each === name) ?? 'join';
  return JSON.parse(bases.get(own)?.[base.index] ?? '{}');
}

function rawText(name: string): string {
  return Object.entries(raw).find(([each]) => each === name)?.[1] ?? 'null';
}

type Holder = Record<string, unknown> | unknown[];

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

/** Every place of a value that something can stand in. */
function placesOf(value: unknown): readonly (readonly [Holder, string])[] {
  if (!isHolder(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [value, key] as const,
    ...placesOf(inner),
  ]);
}

function twisted(value: unknown, twists: readonly Twist[]): unknown {
  const root = { data: value };
  for (const { how, where, what, key } of twists) {
    const places = placesOf(root);
    const [holder, name] = places[where % places.length] ?? [root, 'data'];
    const there: unknown = Reflect.get(holder, name);
    switch (how) {
      case 'drop':
        Reflect.deleteProperty(holder, name);
        break;
      case 'replace':
        put(holder, name, what);
        break;
      case 'add':
        if (isHolder(there)) put(there, key, what);
        break;
      case 'repeat':
        put(
          holder,
          name,
          Array.from({ length: 100 }, () => there),
        );
        break;
      case 'rename':
        Reflect.deleteProperty(holder, name);
        put(holder, name.toUpperCase(), there);
        break;
      case 'wrap':
        put(holder, name, [there]);
    }
  }
  return root.data ?? null;
}

/** Also where the key is `__proto__`. A copy, so that nothing holds itself. */
function put(holder: Holder, key: string, value: unknown): void {
  Object.defineProperty(holder, key, {
    value: structuredClone(value),
    ...{ enumerable: true, configurable: true, writable: true },
  });
}
