import assert from "node:assert/strict";
import { FetchBuffer } from "../consume/fetch_buffer.ts";
import { FakeCluster } from "../transport/fake_cluster.ts";
import { Commits } from "./commits.ts";
import { GroupCoordinator } from "./coordinator.ts";

const at = { topic: "t", partition: 0 };
const NOT_COORDINATOR = 16, REBALANCE_IN_PROGRESS = 27;

/** A member of generation 3 that has fetched the offsets 5, 6 and 7 of its only partition. */
function memberOf() {
  const cluster = new FakeCluster(), buffer = new FetchBuffer(), stop = new AbortController();
  const membership = {
    group: "g",
    identity: { group: "g", memberId: "m", generation: 3 },
    coordinator: new GroupCoordinator(cluster, "g"),
  };
  buffer.assign([at]);
  const offsets = [5, 6, 7];
  buffer.add(at, {
    bytes: 0,
    get size() {
      return offsets.length;
    },
    take: () => ({ offset: offsets.shift()!, key: null, value: null, headers: [] }) as never,
  }, 8);
  const commits = new Commits(membership, { buffer, stop: stop.signal });
  const committed = async (errorCode = 0) => {
    const { request, respond } = await cluster.next("OffsetCommit");
    respond([{ ...at, errorCode }]);
    return request;
  };
  return { cluster, buffer, membership, commits, committed };
}

Deno.test("attempt() commits the offset after the last processed record, and not that of the one in hand", async () => {
  const { buffer, commits, committed, cluster } = memberOf();
  buffer.accept(buffer.front()!);
  buffer.markDone();
  buffer.accept(buffer.front()!);
  const attempt = commits.attempt();
  assert.deepEqual((await committed()).offsets, [{ ...at, offset: 6 }]);
  await attempt;
  await commits.attempt();
  assert.deepEqual(cluster.waiting, [], "nothing was processed since");
});

Deno.test("attempt() leaves a refused commit for the next time", async () => {
  const { buffer, commits, committed } = memberOf();
  buffer.accept(buffer.front()!);
  buffer.markDone();
  for (const errorCode of [REBALANCE_IN_PROGRESS, NOT_COORDINATOR, 0]) {
    const attempt = commits.attempt();
    assert.deepEqual((await committed(errorCode)).offsets, [{ ...at, offset: 6 }]);
    await attempt;
  }
});

Deno.test("commit() waits out a rebalance, and commits as a member of the new generation", async () => {
  const { membership, commits, committed } = memberOf();
  const committing = commits.commit([{ ...at, offset: 6 }]);
  const first = committed(REBALANCE_IN_PROGRESS);
  assert.equal((await first).generation, 3);
  membership.identity = { ...membership.identity, generation: 4 };
  assert.equal((await committed()).generation, 4);
  await committing;
});

Deno.test("commit() commits nothing of a partition that a rebalance gave to another member", async () => {
  const { buffer, commits, committed, cluster } = memberOf();
  const committing = commits.commit([{ ...at, offset: 6 }]);
  const refused = committed(REBALANCE_IN_PROGRESS);
  buffer.assign([{ topic: "t", partition: 1 }]);
  await refused;
  await assert.rejects(committing, {
    message: /^Cannot commit in group "g": t-0 belongs to another member now/,
  });
  assert.deepEqual([cluster.waiting, buffer.uncommitted()], [[], []]);
});

Deno.test("FetchBuffer reads on where a partition is retained, and from the group's offset where it comes back", () => {
  const { buffer } = memberOf();
  buffer.accept(buffer.front()!);
  buffer.assign([at, { topic: "t", partition: 1 }], [at]);
  assert.deepEqual([buffer.front()?.offset, buffer.positions()], [6, [{ ...at, offset: 6 }]]);
  buffer.drop([at]);
  assert.equal(buffer.front(), undefined, "given back: nothing of it is handed out");
  buffer.assign([at]);
  assert.deepEqual([buffer.front(), buffer.positions()], [undefined, []]);
});
