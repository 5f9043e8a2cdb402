import assert from "node:assert/strict";
import type { ReadAs } from "../../contract.ts";
import { MOST_CHARS, payload } from "./payload.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const long = (value: number) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
};
const joined = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));
const MINUTE = Date.UTC(2021, 0, 1, 0, 1);

Deno.test("payload() shows JSON as it was written, every digit of a number included", async () => {
  const { kind, text } = await payload(utf8('{"id":12345678901234567890}'));
  assert.deepEqual([kind, text], ["json", '{"id":12345678901234567890}']);
});

Deno.test("payload() shows windowed keys of each format as an interval", async () => {
  const end = MINUTE + 60_000;
  const shown = async (bytes: Uint8Array) => (await payload(bytes)).text;
  const expected = "1 @ [2021-01-01 00:01:00, 2021-01-01 00:02:00)";
  assert.equal(await shown(utf8(`{"key":1,"start":${MINUTE},"end":${end}}`)), expected);
  assert.equal(await shown(utf8(`[1,[${MINUTE},${end}]]`)), expected);
  assert.equal(await shown(utf8(`[1,[${MINUTE / 1000}.0,${end / 1000}.0]]`)), expected);
  assert.equal(await shown(joined(utf8("1"), long(end), long(MINUTE))), expected);
  assert.equal(await shown(joined(utf8("1"), long(MINUTE))), "1 @ [2021-01-01 00:01:00, …)");
});

Deno.test("payload() reads numbers as Java writes them, and other bytes as hexadecimal", async () => {
  assert.deepEqual(await payload(long(7)), {
    ...{ kind: "number", text: "7", bytes: 8, cut: false },
    as: "long",
  });
  assert.equal((await payload(new Uint8Array([0, 255, 1]))).text, "00 ff 01");
  assert.equal((await payload(new Uint8Array(0))).kind, "text");
  assert.equal((await payload(null)).kind, "null");
});

Deno.test("payload() reads bytes as somebody says, and says when that cannot be", async () => {
  const double = new Uint8Array(8);
  new DataView(double.buffer).setFloat64(0, 3.14);
  const as = async (bytes: Uint8Array, readAs: ReadAs) => (await payload(bytes, { readAs })).text;
  assert.equal(await as(double, "double"), "3.14");
  assert.equal(await as(double, "hex"), "40 09 1e b8 51 eb 85 1f");
  assert.equal(await as(utf8("1234"), "int"), "825373492");
  assert.equal(await as(utf8("1234"), "text"), "1234");
  assert.equal(await as(new Uint8Array([0, 1, 0, 65]), "text"), "␀␁␀A");
  const short = await payload(utf8("12"), { readAs: "int" });
  assert.deepEqual([short.kind, short.text, short.trouble], ["json", "12", "2 bytes are no int"]);
});

Deno.test("payload() takes a large JSON value for JSON by its first bytes", async () => {
  const large = utf8(`{"a":"${"x".repeat(1_000_000)}"}`);
  assert.equal((await payload(large)).kind, "json");
  assert.equal((await payload(utf8(`[not json ${"x".repeat(100_000)}`))).kind, "text");
});

Deno.test("payload() cuts what is long and says so", async () => {
  const huge = await payload(utf8("x".repeat(1_000_000)));
  assert.deepEqual([huge.text.length, huge.bytes, huge.cut], [400, 1_000_000, true]);
  const whole = await payload(utf8("x".repeat(1_000_000)), { chars: MOST_CHARS });
  assert.deepEqual([whole.text.length, whole.cut], [65_536, true]);
});

Deno.test("payload() survives JSON of any depth", async () => {
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  assert.equal((await payload(utf8(deep), { chars: MOST_CHARS })).bytes, 40_000);
});

Deno.test("payload() shows an Avro value that is nested too deeply as bytes", async () => {
  const value = JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
  const bySchema = () => Promise.resolve({ kind: "avro" as const, value, schema: { id: 1 } });
  const shown = await payload(Uint8Array.of(0, 0, 0, 0, 1, 2), { bySchema });
  assert.deepEqual([shown.kind, shown.trouble], [
    "bytes",
    "its value is nested too deeply to show",
  ]);
});

Deno.test("payload() shows Avro with its schema, and why it could not be read", async () => {
  const bytes = new Uint8Array([0, 0, 0, 0, 7, 2]);
  const schema = { id: 7, subject: "rides-value", version: 2 };
  const read = await payload(bytes, {
    bySchema: () => Promise.resolve({ kind: "avro", value: { a: 1 }, schema }),
  });
  assert.deepEqual([read.kind, read.text, read.schema], ["avro", '{"a":1}', schema]);
  const not = await payload(bytes, { bySchema: () => Promise.resolve({ trouble: "no schema 7" }) });
  assert.deepEqual([not.kind, not.trouble], ["bytes", "no schema 7"]);
});

Deno.test("payload() shows a time as a long without a word of the schema that its first bytes would name", async () => {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigInt64(0, 1_609_461_010_000n);
  const bySchema = () => Promise.resolve({ trouble: "Cannot read schema 95931" });
  const { kind, text, trouble } = await payload(time, { bySchema });
  assert.deepEqual([kind, text, trouble], ["number", "1609461010000", undefined]);
});
