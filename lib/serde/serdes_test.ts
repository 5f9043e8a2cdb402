import assert from "node:assert/strict";
import { bytes, int32, int64, json, string, type SyncSerde } from "./mod.ts";

function roundTrip<T>(serde: SyncSerde<T>, value: T): T {
  return serde.decode(serde.encode(value, "t"), "t");
}

Deno.test("json() brings back what it wrote, a null inside included", () => {
  for (const value of [{ a: [1, "ä", null] }, "text", 7, true, null]) {
    assert.deepEqual(roundTrip(json<unknown>(), value), value);
  }
});

Deno.test("json() writes no spaces, so equal keys are equal bytes", () => {
  assert.equal(
    new TextDecoder().decode(json().encode({ vendorId: 1 }, "t") as Uint8Array),
    '{"vendorId":1}',
  );
});

Deno.test("json() reads __proto__ as a key like any other", () => {
  const value = json<object>().decode(
    new TextEncoder().encode('{"__proto__":{"x":1}}'),
    "t",
  ) as object;
  assert.deepEqual(Object.keys(value), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

Deno.test("json() refuses what is not JSON, and bytes that are not UTF-8", () => {
  assert.throws(() => json().decode(new TextEncoder().encode("{oops"), "t"), SyntaxError);
  assert.throws(() => json().decode(Uint8Array.of(0x22, 0xff, 0x22), "t"), {
    name: "SyntaxError",
    message: "the bytes are not UTF-8 text",
  });
});

Deno.test("json() refuses a function instead of writing nothing", () => {
  assert.throws(() => json<unknown>().encode(() => 1, "t"), TypeError);
});

Deno.test("json() refuses what it would lose, says what it is and what to write instead", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const lost: readonly (readonly [unknown, RegExp])[] = [
    [{ sums: new Map([["1", 2]]) }, /^a Map cannot be written .*Object\.fromEntries\(map\)\)$/],
    [new Set([1]), /^a Set cannot be written as JSON \(make it an array/],
    [{ mean: 0 / 0 }, /^NaN cannot be written as JSON \(it has no such number/],
    [[Infinity], /^Infinity cannot/],
    [{ raw: Uint8Array.of(1) }, /^an array of bytes cannot/],
    [{ later: Promise.resolve(1) }, /^a promise cannot be written as JSON \(await it first\)$/],
    [{ why: new RangeError("far") }, /^an Error cannot/],
    [{ n: 1n }, /^a bigint cannot be written as JSON \(write Number/],
    [circle, /^an object that holds itself cannot be written as JSON$/],
  ];
  for (const [value, message] of lost) {
    assert.throws(() => json<unknown>().encode(value, "t"), { name: "TypeError", message });
  }
});

Deno.test("json() writes nulls, empty objects, dates and any depth as they are", () => {
  const text = (value: unknown) => new TextDecoder().decode(json<unknown>().encode(value, "t"));
  assert.equal(
    text({ a: null, b: {}, c: { 0: 1 }, d: new Date(0), e: undefined }),
    '{"a":null,"b":{},"c":{"0":1},"d":"1970-01-01T00:00:00.000Z"}',
  );
  const deep = `${"[".repeat(50_000)}null${"]".repeat(50_000)}`;
  assert.equal(text(JSON.parse(deep)), deep);
});

Deno.test("string, int32, int64 and bytes bring back what they wrote", () => {
  assert.equal(roundTrip(string, "Zürich"), "Zürich");
  for (const number of [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)]) {
    assert.equal(roundTrip(int32, number), number);
  }
  for (const number of [0, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER]) {
    assert.equal(roundTrip(int64, number), number);
  }
  assert.deepEqual(roundTrip(bytes, Uint8Array.of(1, 2)), Uint8Array.of(1, 2));
});

Deno.test("int32 and int64 write 4 and 8 bytes, largest first, as Java does, and refuse everything else", () => {
  assert.deepEqual([...int32.encode(258, "t")], [0, 0, 1, 2]);
  assert.deepEqual([...int64.encode(-2, "t")], [255, 255, 255, 255, 255, 255, 255, 254]);
  for (const serde of [int32, int64]) {
    assert.throws(() => serde.encode(1.5, "t"), RangeError);
    assert.throws(() => serde.decode(Uint8Array.of(1), "t"), SyntaxError);
  }
  assert.throws(() => int32.encode(2 ** 31, "t"), RangeError);
  assert.throws(() => int64.encode(2 ** 53, "t"), RangeError);
});

Deno.test("string writes short, long and other than ASCII text as TextEncoder does, and keeps what it wrote", () => {
  const texts = ["", "a", "ä", "7".repeat(24), "x".repeat(23) + "€", "y".repeat(30_000), "\ud800"];
  const many = Array.from({ length: 2_000 }, (_, i) => texts[i % texts.length]!.slice(0, 400));
  const written = [...texts, ...many].map((one) => string.encode(one, "t"));
  for (const [i, one] of [...texts, ...many].entries()) {
    assert.deepEqual([...written[i]!], [...new TextEncoder().encode(one)]);
  }
});
