/** Headers stay what they are on the wire: order, repeats, null and empty, whatever their names look like. See: KIP-82 */
import assert from "node:assert/strict";
import { headerBytes, headerText, type RecordHeaders, wireHeaders } from "../../serde/mod.ts";
import { encodeProduceRequest } from "./encode_batch.ts";
import { openRecordSet } from "./record_batch.ts";

// tulios/kafkajs#1121, platformatic/kafka#373: an object keeps one of a name and sorts names like numbers to the front.
const HEADERS: RecordHeaders = wireHeaders([
  ["retry", "1"],
  ["retry", "2"],
  ["none", null],
  ["empty", ""],
  ["10", "x"],
  ["2", "y"],
  ["__proto__", "z"],
  ["", "no name"],
  ["\ufeffmark", "b"],
]);

Deno.test("headers come back in order, repeated, null and empty told apart", () => {
  const record = { key: null, value: new Uint8Array([1]), timestamp: 5, headers: HEADERS };
  const messages = [record, { ...record, headers: [] }];
  const request = encodeProduceRequest({ producerId: 1n, producerEpoch: 0 }, [
    { topic: "t", partition: 0, firstSequence: 0, messages },
  ]);
  // The batch stands at the end of the request.
  const magic = request.findLastIndex((byte, at) =>
    byte === 2 && request.readInt32BE(at - 8) === request.length - at + 4
  );
  const { unread } = openRecordSet(request.subarray(magic - 16), 0);
  const [first, second] = unread.takeAll();
  const plain = (headers: RecordHeaders) =>
    headers.map(([name, value]) => [name, value && [...value]]);
  assert.deepEqual(plain(first!.headers!), plain(HEADERS));
  assert.equal(second!.headers, undefined);
});

Deno.test("headerText() and headerBytes() give the last value of a name", () => {
  assert.equal(headerText(HEADERS, "retry"), "2");
  assert.equal(headerText(HEADERS, "none"), null);
  assert.equal(headerText(HEADERS, "empty"), "");
  assert.equal(headerText(HEADERS, "missing"), undefined);
  assert.deepEqual(headerBytes(HEADERS, "10"), new TextEncoder().encode("x"));
  assert.throws(() => headerText([["bad", new Uint8Array([255])]], "bad"), /not UTF-8 text/);
  assert.equal(new Map(HEADERS).size, HEADERS.length - 1);
});

Deno.test("wireHeaders() takes an object, and pairs", () => {
  assert.deepEqual(wireHeaders({ a: "1" }), wireHeaders([["a", "1"]]));
});
