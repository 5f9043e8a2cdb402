import assert from "node:assert/strict";
import type { Payload, RecordLine } from "../contract.ts";
import { again } from "./produce.ts";

const payload = (kind: Payload["kind"], text: string, cut = false): Payload => ({
  ...{ kind, text, bytes: text.length, cut },
});
const record = (key: Payload, value: Payload): RecordLine => ({
  ...{ partition: 1, offset: 7, timestamp: 0, key, value },
  headers: [{ name: "retry", text: "1" }, { name: "retry", text: "2" }],
});
const KEY = payload("text", "vendor-1"), NULL = payload("null", "");

Deno.test("again() begins with the record's key, value and all its headers", () => {
  assert.deepEqual(again(record(KEY, payload("json", '{"a":1}'))), {
    ...{ key: "vendor-1", keyFormat: "text", value: '{"a":1}', valueFormat: "text" },
    headers: "retry: 1\nretry: 2",
  });
});

Deno.test("again() writes a tombstone again as one, and no key as none", () => {
  const first = again(record(NULL, NULL));
  assert.equal(first?.key, "");
  assert.equal(first?.value, null);
});

Deno.test("again() has Avro written with the newest schema", () => {
  assert.equal(again(record(KEY, payload("avro", "{}")))?.valueFormat, "avro");
});

Deno.test("again() offers nothing where what is shown is not the whole record", () => {
  assert.equal(again(record(KEY, payload("text", "the beginning", true))), undefined);
  for (const kind of ["bytes", "number", "window", "protobuf"] as const) {
    assert.equal(again(record(KEY, payload(kind, "1"))), undefined, kind);
    assert.equal(again(record(payload(kind, "1"), KEY)), undefined, kind);
  }
});
