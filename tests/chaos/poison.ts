/**
 * Records of which some are not what their topic promises: seeded, and told apart without any of the project's code.
 *
 * @module
 */

/** A record to be written. */
export interface PoisonRecord {
  readonly key: string;
  readonly value: Uint8Array | null;
  /** What is wrong with it; undefined: nothing, it has to be processed. */
  readonly fault?: string;
}

/** How values are written: as JSON text, or as Avro behind a registry's header. */
export interface Format {
  readonly name: "json" | "avro";
  /** Bytes of a good value; `extra` is legal JSON that such values may hold besides, text without braces. */
  readonly good: (number: number, extra?: string) => Uint8Array;
  readonly faults: Readonly<Record<string, (number: number, random: () => number) => Uint8Array>>;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
/** The last is all but the most that a topic takes. */
const LARGE_BYTES = [900_000, 900_000, 1_048_400];

/** Bytes as they come; the first is never that of JSON or of a registry's header. */
function randomBytes(count: number, random: () => number): Uint8Array {
  const bytes = Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
  bytes[0] = 0x80 + bytes[0]! % 128;
  return bytes;
}

const goodJson = (number: number, extra = "") => utf8(`{"n":${number}${extra && `,${extra}`}}`);

/** `{"n": 1}` as JSON text. */
export const JSON_FORMAT: Format = {
  name: "json",
  good: goodJson,
  faults: {
    "not JSON": (n) => utf8(`{"n":${n}`),
    "wrong type": (n) => utf8(`{"n":"${n}"}`),
    "not an object": (n) => utf8(`[${n}]`),
    "wrong magic byte": (n) => new Uint8Array([7, ...goodJson(n)]),
    "invalid UTF-8": (n) =>
      new Uint8Array([...utf8(`{"n":${n},"text":"`), 0xc3, 0x28, ...utf8('"}')]),
    "random bytes": (_, random) => randomBytes(40, random),
    "empty": () => new Uint8Array(0),
  },
};

/** The same as Avro; the schema has one field `n` of type `long`. */
export function avroFormat(schemaId: number): Format {
  const header = (id: number) => [0, id >>> 24, (id >>> 16) & 255, (id >>> 8) & 255, id & 255];
  // Zigzag; every number here fits into 28 bits.
  const long = (number: number) => {
    const bytes: number[] = [];
    let rest = number * 2;
    for (; rest > 127; rest = rest >>> 7) bytes.push(rest & 127 | 128);
    return [...bytes, rest];
  };
  const good = (number: number) => new Uint8Array([...header(schemaId), ...long(number)]);
  return {
    name: "avro",
    good,
    faults: {
      "wrong magic byte": (n) => new Uint8Array([1, ...good(n).subarray(1)]),
      "unknown schema id": (n) => new Uint8Array([...header(987_654 + n % 3), ...long(n)]),
      "truncated": (n) => good(n + 1_000).subarray(0, 6),
      "only a header": () => new Uint8Array(header(schemaId)),
      "bytes too many": (n) => new Uint8Array([...good(n), 1, 2]),
      "plain JSON": (n) => goodJson(n),
      "random bytes": (_, random) => randomBytes(40, random),
    },
  };
}

/** JSON that looks dangerous and is legal. */
const LEGAL = [
  `"__proto__":{"polluted":1}`,
  `"constructor":{"prototype":{"polluted":1}}`,
  `"deep":${"[".repeat(2_000)}${"]".repeat(2_000)}`,
];
const KEYS = 11;

/**
 * Makes `records` of which `bad` are malformed, shuffled: a few of 900 kB, the rest of every fault alike.
 *
 * Among the good are one in a hundred tombstones and, as JSON, one in a hundred of the legal oddities.
 */
export function poisoned(
  format: Format,
  options: { readonly records: number; readonly bad: number; readonly random: () => number },
): PoisonRecord[] {
  const { records, bad, random } = options, kinds = Object.entries(format.faults);
  const made = Array.from({ length: records }, (_, n): PoisonRecord => {
    const key = `k${n * 7 % KEYS}`;
    if (n < 3) return { key, value: randomBytes(LARGE_BYTES[n]!, random), fault: "900 kB" };
    if (n < bad) {
      const [fault, make] = kinds[n % kinds.length]!;
      return { key, value: make(n, random), fault };
    }
    if (n % 100 === 0) return { key, value: null };
    const odd = format.name === "json" && n % 100 === 1 ? LEGAL[n / 100 % 3 | 0] : undefined;
    return { key, value: format.good(n, odd) };
  });
  for (let i = made.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [made[i], made[j]] = [made[j]!, made[i]!];
  }
  return made;
}
