import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeBody } from "./api.ts";
import { DESCRIBE_SERVER_ASSIGNED, NO_SUCH_GROUP } from "./describe_groups.ts";

const [CONSUMER_GROUP, SHARE_GROUP, STREAMS_GROUP] = DESCRIBE_SERVER_ASSIGNED;

// What Apache Kafka 4.4.0 answered about groups with one member, and about a group of another kind.
const CONSUMER =
  "0000000000020000001b6e65772d636f6e73756d65722d3137393537363937313630333207537461626c65000000020000000208756e69666f726d021770666d7168734a4d535a4f544b724b6e63496b6843410000000000020d746178692d73747265616d730b2f3132372e302e302e31020367310102f4bea6f4274a46339e192345057317b5036731030000000000000001000002f4bea6f4274a46339e192345057317b5036731030000000000000001000000800000000000";
const SHARE =
  "000000000002000000186e65772d73686172652d3137393537363937313739363907537461626c6500000002000000020773696d706c6502174141414141414141414141414141414141414141414100000000020d746178692d73747265616d730b2f3132372e302e302e3102036731010000800000000000";
const STREAMS =
  "0000000000020000000d6a6176612d73747265616d7307537461626c6500000003000000030100000000030230020764656d6f5f31021b6a6176612d73747265616d732d6e2d7265706172746974696f6e0101000231010102196a6176612d73747265616d732d6e2d6368616e67656c6f6700000002ffff030f636c65616e75702e706f6c69637908636f6d7061637400176d6573736167652e74696d657374616d702e747970650b43726561746554696d650000021b6a6176612d73747265616d732d6e2d7265706172746974696f6e00000002ffff050f636c65616e75702e706f6c6963790764656c65746500176d6573736167652e74696d657374616d702e747970650b43726561746554696d65000d726574656e74696f6e2e6d73032d31000e7365676d656e742e6279746573093532343238383030000000000217647a653645426777545447614e7a394168524b4964410000000300004a6a6176612d73747265616d732d34636262623166342d373734622d343733652d626434382d3938356266653763313138652d53747265616d5468726561642d312d636f6e73756d65720b2f3132372e302e302e31000000002534636262623166342d373734622d343733652d626434382d393835626665376331313865ff01010103023003000000000000000100023103000000000000000100010100030230030000000000000001000231030000000000000001000101000000800000000000";
const NOT_CONSUMER =
  "00000000000200453747726f7570206e65772d73686172652d31373935373639373137393639206973206e6f74206120636f6e73756d65722067726f75702e186e65772d73686172652d313739353736393731373936390100000000000000000101800000000000";

Deno.test("a description reads the members of a group of the new protocol, and what each owns", () => {
  assert.deepEqual(decodeBody(CONSUMER_GROUP!, Buffer.from(CONSUMER, "hex"), 0), [{
    group: "new-consumer-1795769716032",
    protocol: "consumer",
    errorCode: 0,
    state: "Stable",
    members: [{
      memberId: "pfmqhsJMSZOTKrKncIkhCA",
      clientId: "taxi-streams",
      partitions: [{ topic: "g1", partition: 0 }, { topic: "g1", partition: 1 }],
    }],
  }]);
});

Deno.test("a description reads a share group whose member owns nothing yet", () => {
  assert.deepEqual(decodeBody(SHARE_GROUP!, Buffer.from(SHARE, "hex"), 1), [{
    group: "new-share-1795769717969",
    protocol: "share",
    errorCode: 0,
    state: "Stable",
    members: [{
      memberId: "AAAAAAAAAAAAAAAAAAAAAA",
      clientId: "taxi-streams",
      partitions: [],
    }],
  }]);
});

Deno.test("a description reads a streams group: its member owns what its tasks read", () => {
  const [found, ...others] = decodeBody(STREAMS_GROUP!, Buffer.from(STREAMS, "hex"), 0);
  assert.deepEqual(others, []);
  assert.deepEqual([found?.group, found?.state], ["java-streams", "Stable"]);
  const [member, ...rest] = found!.members;
  assert.deepEqual(rest, []);
  assert.match(member!.clientId, /^java-streams-.*-StreamThread-1-consumer$/);
  assert.deepEqual(
    member!.partitions.map(({ topic, partition }) => `${topic}-${partition}`),
    ["demo_1-0", "demo_1-1", "java-streams-n-repartition-0", "java-streams-n-repartition-1"],
  );
});

Deno.test("a description tells a group of another kind from one that may not be looked at", () => {
  const bytes = Buffer.from(NOT_CONSUMER, "hex");
  assert.ok(NO_SUCH_GROUP.includes(decodeBody(CONSUMER_GROUP!, bytes, 0)[0]!.errorCode));
  bytes.writeInt16BE(30, 6);
  assert.equal(decodeBody(CONSUMER_GROUP!, bytes, 0)[0]!.errorCode, 30);
});
