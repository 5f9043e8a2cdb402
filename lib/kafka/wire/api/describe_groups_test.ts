import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeBody } from "./api.ts";
import { DESCRIBE_SERVER_ASSIGNED, GROUP_ID_NOT_FOUND } from "./describe_groups.ts";

const [CONSUMER_GROUP, SHARE_GROUP] = DESCRIBE_SERVER_ASSIGNED;

// What Apache Kafka 4.4.0 answered about groups with one member, and about a group of another kind.
const CONSUMER =
  "0000000000020000001b6e65772d636f6e73756d65722d3137393537363937313630333207537461626c65000000020000000208756e69666f726d021770666d7168734a4d535a4f544b724b6e63496b6843410000000000020d746178692d73747265616d730b2f3132372e302e302e31020367310102f4bea6f4274a46339e192345057317b5036731030000000000000001000002f4bea6f4274a46339e192345057317b5036731030000000000000001000000800000000000";
const SHARE =
  "000000000002000000186e65772d73686172652d3137393537363937313739363907537461626c6500000002000000020773696d706c6502174141414141414141414141414141414141414141414100000000020d746178692d73747265616d730b2f3132372e302e302e3102036731010000800000000000";
const NOT_CONSUMER =
  "00000000000200453747726f7570206e65772d73686172652d31373935373639373137393639206973206e6f74206120636f6e73756d65722067726f75702e186e65772d73686172652d313739353736393731373936390100000000000000000101800000000000";

Deno.test("a description reads the members of a group of the new protocol, and what each owns", () => {
  assert.deepEqual(decodeBody(CONSUMER_GROUP!, Buffer.from(CONSUMER, "hex"), 0), {
    protocol: "consumer",
    errorCode: 0,
    state: "Stable",
    members: [{
      memberId: "pfmqhsJMSZOTKrKncIkhCA",
      clientId: "taxi-streams",
      partitions: [{ topic: "g1", partition: 0 }, { topic: "g1", partition: 1 }],
    }],
  });
});

Deno.test("a description reads a share group whose member owns nothing yet", () => {
  assert.deepEqual(decodeBody(SHARE_GROUP!, Buffer.from(SHARE, "hex"), 1), {
    protocol: "share",
    errorCode: 0,
    state: "Stable",
    members: [{
      memberId: "AAAAAAAAAAAAAAAAAAAAAA",
      clientId: "taxi-streams",
      partitions: [],
    }],
  });
});

Deno.test("a description tells a group of another kind from one that may not be looked at", () => {
  const bytes = Buffer.from(NOT_CONSUMER, "hex");
  assert.equal(decodeBody(CONSUMER_GROUP!, bytes, 0).errorCode, GROUP_ID_NOT_FOUND);
  bytes.writeInt16BE(30, 6);
  assert.equal(decodeBody(CONSUMER_GROUP!, bytes, 0).errorCode, 30);
});
