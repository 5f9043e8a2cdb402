/** Changes inputs: bytes, numbers of every width, parts, and the words of a language. */
import { Buffer } from "node:buffer";
import type { Random } from "./random.ts";

/** No input is longer: what matters shows in small ones. */
export const MOST_INPUT_BYTES = 1 << 16;

/** Numbers at which counters, lengths and signs go wrong. */
const NUMBERS = [
  -1,
  0,
  1,
  2,
  7,
  127,
  128,
  255,
  256,
  32_767,
  65_535,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 32 - 1,
];
const TEXT_NUMBERS = [
  "-1",
  "0",
  "1e999",
  "-0",
  "4294967296",
  "9007199254740993",
  "0.5",
  "NaN",
  "null",
  "1e-400",
];
const JSON_WORDS = [
  '""',
  "{}",
  "[]",
  "null",
  '"__proto__"',
  '"constructor"',
  '{"__proto__":1}',
  "[[",
  "]]",
  ",",
  ":",
  '"\\ud800"',
];

/** What a change may take from. */
export interface Material {
  /** Inputs that are known, to take parts from. */
  readonly pool: readonly Uint8Array[];
  readonly words?: readonly string[];
}

type Change = (input: Buffer, random: Random, material: Material) => Uint8Array;

/** Where something is put, and what stands there. */
const put = (input: Buffer, at: number, part: Uint8Array) => {
  const copy = Buffer.from(input);
  copy.set(part.subarray(0, Math.max(0, copy.length - at)), at);
  return copy;
};
const insert = (input: Buffer, at: number, part: Uint8Array) =>
  Buffer.concat([input.subarray(0, at), part, input.subarray(at)]);
const range = (input: Buffer, random: Random, most = 64): readonly [number, number] => {
  const at = random.below(input.length + 1);
  return [at, Math.min(input.length, at + 1 + random.below(most))];
};

function number(random: Random): Buffer {
  const value = random.below(3) === 0 ? random.below(2 ** 32) : random.of(NUMBERS);
  const bytes = Buffer.alloc(8), width = random.of([1, 2, 4, 8]);
  bytes.writeBigInt64BE(BigInt(value));
  const part = bytes.subarray(8 - width);
  return random.below(2) === 0 ? part : part.reverse();
}

/** Seven bits a byte, plain or zig-zag. */
function varint(random: Random): Buffer {
  const value = random.below(3) === 0 ? random.below(300) : random.of(NUMBERS);
  const bytes: number[] = [];
  let left = random.below(2) === 0 ? Math.abs(value) : value < 0 ? -value * 2 - 1 : value * 2;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push(left % 128 + 128);
  return Buffer.from([...bytes, left]);
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

const BINARY: readonly Change[] = [
  (input, random) => {
    const at = random.below(input.length);
    return put(input, at, Buffer.from([input[at]! ^ 1 << random.below(8)]));
  },
  (input, random) => put(input, random.below(input.length), noise(random, 1)),
  (input, random) => put(input, random.below(input.length), number(random)),
  (input, random) => put(input, random.below(input.length), varint(random)),
  (input, random) => insert(input, random.below(input.length + 1), varint(random)),
  (input, random) =>
    insert(input, random.below(input.length + 1), noise(random, 1 + random.below(16))),
  (input, random) => input.subarray(0, random.below(input.length + 1)),
  (input, random) => {
    const [from, to] = range(input, random);
    return Buffer.concat([input.subarray(0, from), input.subarray(to)]);
  },
  (input, random) => {
    const [from, to] = range(input, random);
    return insert(input, random.below(input.length + 1), input.subarray(from, to));
  },
  (input, random) => {
    const [from, to] = range(input, random, 32), times = 1 << random.below(12);
    return insert(input, to, Buffer.concat(Array(times).fill(input.subarray(from, to))));
  },
  (input, random, { pool }) => {
    const other = Buffer.from(random.of(pool));
    return Buffer.concat([
      input.subarray(0, random.below(input.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
  (input, random, { pool }) => {
    const other = Buffer.from(random.of(pool)), [from, to] = range(other, random);
    return put(input, random.below(input.length), other.subarray(from, to));
  },
];

const TEXT: readonly Change[] = [
  (input, random, { words = [] }) =>
    insert(
      input,
      random.below(input.length + 1),
      Buffer.from(random.of([...words, ...JSON_WORDS])),
    ),
  // A word, a number or a text in the place of another.
  (input, random, { words = [] }) => {
    const text = input.toString("latin1"), found = [...text.matchAll(/"[^"]*"|-?[\d.]+|\w+/g)];
    if (found.length === 0) return input;
    const { index, 0: old } = random.of(found);
    const word = random.of([...words, ...JSON_WORDS, ...TEXT_NUMBERS, random.of(found)[0]]);
    const after = input.subarray(index + old.length);
    return Buffer.concat([input.subarray(0, index), Buffer.from(word, "latin1"), after]);
  },
  // Deep nesting.
  (input, random) => {
    const depth = 1 << random.below(13),
      [open, close] = random.of(["[]", "{}", "()", '{"a":|}'])
        .split(/(?<=[[({:])\|?/);
    const at = random.below(input.length + 1);
    return Buffer.concat([
      input.subarray(0, at),
      Buffer.from(open!.repeat(depth)),
      input.subarray(at),
      Buffer.from((close ?? "").repeat(depth)),
    ]);
  },
];

/** Makes another input of one: up to four changes, one after the other. */
export function mutate(input: Uint8Array, random: Random, material: Material): Uint8Array {
  const changes = material.words ? [...BINARY, ...TEXT, ...TEXT, ...TEXT] : BINARY;
  let changed = Buffer.from(input);
  for (let left = 1 + random.below(4); left > 0; left--) {
    if (changed.length === 0) changed = Buffer.from([random.below(256)]);
    changed = Buffer.from(random.of(changes)(changed, random, material));
    if (changed.length > MOST_INPUT_BYTES) changed = changed.subarray(0, MOST_INPUT_BYTES);
  }
  return new Uint8Array(changed);
}
