import assert from "node:assert/strict";
import { readShareState } from "./share_state.ts";

const TOPIC_ID = "000102030405060708090a0b0c0d0e0f";
const key = (kind: number, group = "g") =>
  Uint8Array.fromHex(
    `${kind.toString(16).padStart(4, "0")}0001${
      [...group].map((char) => char.charCodeAt(0).toString(16)).join("")
    }${TOPIC_ID}00000002`,
  );
/** Offsets 5 to 7, given back, handed out twice; 8 acknowledged. */
const BATCHES = "03" + "0000000000000005" + "0000000000000007" + "00" + "0002" + "00" +
  "0000000000000008" + "0000000000000008" + "02" + "0001" + "00";
const EPOCHS = "0000000100000002", START = "0000000000000005";

Deno.test("readShareState() reads snapshots and updates as Kafka's coordinators write them", () => {
  const snapshot = `0000${EPOCHS}00000003${START}${"00".repeat(16)}${BATCHES}00`;
  const update = `0000${EPOCHS}${START}${BATCHES}00`;
  const said = {
    ...{ group: "g", topicId: TOPIC_ID, partition: 2 },
    batches: [
      { first: 5, last: 7, state: "available" as const, deliveries: 2 },
      { first: 8, last: 8, state: "acknowledged" as const, deliveries: 1 },
    ],
  };
  assert.deepEqual(readShareState(key(0), Uint8Array.fromHex(snapshot)), {
    ...said,
    isWhole: true,
  });
  assert.deepEqual(readShareState(key(1), Uint8Array.fromHex(update)), { ...said, isWhole: false });
});

Deno.test("readShareState() leaves alone what is of another kind, or cut", () => {
  const value = Uint8Array.fromHex(`0000${EPOCHS}${START}${BATCHES}00`);
  assert.equal(readShareState(key(7), value), undefined);
  const later = value.slice();
  later[1] = 9;
  assert.equal(readShareState(key(1), later), undefined);
  for (let length = 0; length < value.length - 1; length++) {
    assert.equal(readShareState(key(1), value.subarray(0, length)), undefined, `${length} bytes`);
  }
});
