import assert from "node:assert/strict";
import { RequestWriter } from "./request_writer.ts";
import { ResponseReader } from "./response_reader.ts";

Deno.test("ResponseReader reads what RequestWriter wrote, wherever that had to grow", () => {
  for (const flexible of [false, true]) {
    for (let before = 230; before <= 258; before++) {
      const out = new RequestWriter(flexible);
      out.raw(new Uint8Array(before));
      out.int8(-1);
      out.int16(-2);
      out.int32(-3);
      out.int64(-4n);
      out.bool(true);
      out.string("zürich");
      out.string(null);
      out.bytesField(Uint8Array.of(7));
      out.topics([{ topic: "t", partition: 1 }], ({ partition }) => out.int32(partition));
      out.tags();
      const input = new ResponseReader(out.bytes, flexible);
      input.raw(before);
      assert.deepEqual([input.int8(), input.int16(), input.int32(), input.bigint64()], [
        ...[-1, -2, -3],
        -4n,
      ]);
      assert.deepEqual([input.bool(), input.string(), input.string()], [true, "zürich", null]);
      assert.deepEqual([...input.bytes()!], [7]);
      assert.deepEqual(input.topics((topic) => [topic, input.int32()]), [["t", 1]]);
      input.tags();
      assert.equal(input.left, 0);
    }
  }
});

Deno.test("ResponseReader skips tagged fields that it does not know, and refuses a response that ends early", () => {
  const input = new ResponseReader(Uint8Array.of(2, 0, 1, 9, 1, 2, 9, 9, 5), true);
  input.tags();
  assert.equal(input.int8(), 5);
  assert.throws(() => input.int32(), {
    name: "RangeError",
    message: "Cannot read 4 bytes at 9: the response has 9",
  });
});

Deno.test("RequestWriter writes long lengths in several bytes in a flexible version", () => {
  const out = new RequestWriter(true);
  out.string("x".repeat(300));
  assert.deepEqual([...out.bytes.subarray(0, 3)], [0xad, 0x02, 0x78]);
  assert.equal(new ResponseReader(out.bytes, true).string()?.length, 300);
});
