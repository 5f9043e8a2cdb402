import assert from "node:assert/strict";
import { protobufReader } from "./protobuf.ts";

const RIDE = `syntax = "proto3";
package taxi;
import "google/protobuf/timestamp.proto";
message Ride {
  int32 vendor_id = 1;
  double total_amount = 2;
  google.protobuf.Timestamp pickup = 3;
  repeated sint64 legs = 4;
  map<string, uint32> tags = 5;
  Kind kind = 6;
  bytes raw = 7;
  oneof place { string address = 8; Zone zone = 9; }
  message Zone { int32 id = 1; }
  enum Kind { UNKNOWN = 0; STREET = 1; }
  fixed64 big = 10;
}
message Refund { string why = 1; }`;

// The same, and three records, as confluent-kafka-python 2.16.1 registers and writes them (without the schema id).
const DESCRIPTOR =
  "CgpyaWRlLnByb3RvEgR0YXhpGh9nb29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvIuUCCgRSaWRlEhEKCXZlbmRvcl9pZBgBIAEoBRIUCgx0b3RhbF9hbW91bnQYAiABKAESKgoGcGlja3VwGAMgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIMCgRsZWdzGAQgAygSEiIKBHRhZ3MYBSADKAsyFC50YXhpLlJpZGUuVGFnc0VudHJ5Eh0KBGtpbmQYBiABKA4yDy50YXhpLlJpZGUuS2luZBILCgNyYXcYByABKAwSEQoHYWRkcmVzcxgIIAEoCUgAEh8KBHpvbmUYCSABKAsyDy50YXhpLlJpZGUuWm9uZUgAEgsKA2JpZxgKIAEoBhorCglUYWdzRW50cnkSCwoDa2V5GAEgASgJEg0KBXZhbHVlGAIgASgNOgI4ARoSCgRab25lEgoKAmlkGAEgASgFIh8KBEtpbmQSCwoHVU5LTk9XThAAEgoKBlNUUkVFVBABQgcKBXBsYWNlIhUKBlJlZnVuZBILCgN3aHkYASABKAliBnByb3RvMw==";
const ride = Uint8Array.fromHex(
  "000802113d0ad7a370bd4d401a060892dab9ff05220301d8042a050a0161100130013a0200ff4a03088401510000000000000080",
);
const refund = Uint8Array.fromHex("02020a046c617465");
/** Python counts the entry of the map as the first nested message, Java's text has none. */
const zone = { python: Uint8Array.fromHex("0400020807"), java: Uint8Array.fromHex("0400000807") };

const RIGHT = {
  vendorId: 2,
  totalAmount: 59.48,
  pickup: "2021-01-01T00:30:10Z",
  legs: ["-1", "300"],
  tags: { a: 1 },
  kind: "STREET",
  raw: "AP8=",
  zone: { id: 132 },
  big: "9223372036854775808",
};

for (const [what, text] of [["text", RIDE], ["a descriptor", DESCRIPTOR]] as const) {
  Deno.test(`protobufReader() reads a record whose schema was registered as ${what}`, () => {
    assert.deepEqual(protobufReader({ text }).read(ride), { name: "taxi.Ride", value: RIGHT });
  });

  Deno.test(`protobufReader() finds the second and the nested message of ${what}`, () => {
    const reader = protobufReader({ text });
    assert.deepEqual(reader.read(refund), { name: "taxi.Refund", value: { why: "late" } });
    const nested = what === "text" ? zone.java : zone.python;
    assert.deepEqual(reader.read(nested), { name: "taxi.Ride.Zone", value: { id: 7 } });
  });
}

Deno.test("protobufReader() follows imports of the registry, of the same package too", () => {
  const zones = 'syntax = "proto3"; package taxi; message Zone { int32 id = 1; }';
  const text =
    'syntax = "proto3"; package taxi; import "zones.proto"; message Trip { Zone from = 1; }';
  const reader = protobufReader({ text, imports: new Map([["zones.proto", zones]]) });
  const value = { from: { id: 5 } };
  assert.deepEqual(reader.read(Uint8Array.of(0, 10, 2, 8, 5)), { name: "taxi.Trip", value });
});

Deno.test("protobufReader() says what is wrong with a schema or a record", () => {
  assert.throws(() => protobufReader({ text: "message {" }), /illegal|token|name/);
  const missing = 'syntax = "proto3"; import "other.proto"; message A { Other other = 1; }';
  assert.throws(() => protobufReader({ text: missing }), /no such Type or Enum 'Other'/);
  const reader = protobufReader({ text: RIDE });
  assert.throws(() => reader.read(Uint8Array.of(2, 18)), /no message at that place/);
  assert.throws(() => reader.read(Uint8Array.of(0xff, 0xff, 0x03)), /path to a message is damaged/);
  assert.throws(() => reader.read(ride.subarray(0, 18)), /out of range/);
});
