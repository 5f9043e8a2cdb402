import assert from "node:assert/strict";
import { sleep } from "../../async/mod.ts";
import { type GroupIdentity, isOutOfGroup } from "../../kafka/engine.ts";
import { KafkaError } from "../../kafka/mod.ts";
import type { WorkerOptions } from "./context.ts";
import { asMember, awaitMembership, Membership } from "./membership.ts";

/** A member that is not joining once more. */
const AT_REST = { isRejoining: false, syncs: 1 };

/** A worker whose group answers so. */
function membershipOf(belongs: () => boolean, options: WorkerOptions = {}): Membership {
  const identity = { group: "g", memberId: "m", generation: 1 };
  return new Membership({
    member: { ...AT_REST, coordinator: { belongs: () => Promise.resolve(belongs()) } },
    identity: () => identity,
    tenure: () => 0,
    options: { sessionTimeoutMs: 60_000, ...options },
  });
}

Deno.test("Membership asks the group once a session", async () => {
  let asked = 0;
  const membership = membershipOf(() => ++asked > 0);
  await membership.confirm();
  assert.equal(membership.confirm(), undefined, "known: no promise, no question");
  assert.equal(asked, 1);
});

Deno.test("Membership with an instance id asks again and again: another worker may have taken it", async () => {
  const answers = [true, false];
  const membership = membershipOf(() => answers.shift()!, { instanceId: "i" });
  await membership.confirm();
  assert.equal(membership.confirm(), undefined, "known a moment ago");
  let asking: void | Promise<void>;
  while (!(asking = membership.confirm())) await sleep(1);
  await assert.rejects(asking, isOutOfGroup);
});

Deno.test("Membership asks once more when the answer took a session: the worker may have been frozen meanwhile", async () => {
  const answers = [true, false], identity = { group: "g", memberId: "m", generation: 1 };
  const membership = new Membership({
    member: {
      ...AT_REST,
      coordinator: {
        belongs: async () => {
          await sleep(15);
          return answers.shift()!;
        },
      },
    },
    identity: () => identity,
    tenure: () => 0,
    options: { sessionTimeoutMs: 10 },
  });
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  assert.deepEqual(answers, []);
});

Deno.test("Membership refuses to write until the next join when the group has gone on", async () => {
  const membership = membershipOf(() => false);
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  const now = performance.now();
  assert.equal(membership.renew(now), false, "what was not written is lost: tasks are reopened");
  assert.equal(membership.confirm(), undefined);
  assert.equal(membership.renew(now), true);
});

Deno.test("Membership asks when a session has passed since it was counted in: the worker may have been frozen meanwhile", () => {
  const membership = membershipOf(() => true);
  membership.renew(performance.now() - 60_000);
  assert.ok(membership.confirm() instanceof Promise);
});

Deno.test("awaitMembership() asks once for each join: asking keeps a member id alive under which no member joins", async () => {
  const before = { group: "g", memberId: "old", generation: 1 };
  const after = { group: "g", memberId: "new", generation: 2 };
  const asked: string[] = [];
  let looks = 0;
  await awaitMembership({
    // The group goes on while the second look is made.
    identity: () => ++looks < 3 ? before : after,
    tenure: () => 0,
    member: {
      ...AT_REST,
      coordinator: {
        belongs: ({ memberId } = before) => {
          asked.push(memberId);
          return Promise.resolve(memberId === "new");
        },
      },
    },
    options: {},
  }, new AbortController().signal);
  assert.deepEqual(asked, ["old", "new"]);
});

Deno.test("awaitMembership() asks again when a session has passed: a broker that died has forgotten the rebalance", async () => {
  const same = { group: "g", memberId: "m", generation: 1 };
  let asked = 0;
  await awaitMembership({
    identity: () => same,
    tenure: () => 0,
    member: { ...AT_REST, coordinator: { belongs: () => Promise.resolve(++asked === 2) } },
    options: { sessionTimeoutMs: 10 },
  }, new AbortController().signal);
  assert.equal(asked, 2);
});

/** A worker in a rebalance, and a group that takes commits of some generations. */
class Rebalancing {
  generation = 1;
  tenures = 0;
  readonly member = { isRejoining: true, syncs: 1 };
  readonly asked: number[] = [];
  #identity: GroupIdentity | undefined;

  readonly tenure = () => this.tenures;
  readonly identity = () => {
    const { generation } = this;
    if (this.#identity?.generation === generation) return this.#identity;
    return this.#identity = { group: "g", memberId: "m", generation };
  };

  /** Commits; what the group answers, and what becomes of it meanwhile, is told by its attempts. */
  commit(...answers: readonly (() => string | undefined)[]): Promise<void> {
    return asMember(this, ({ generation }) => {
      const code = answers[this.asked.push(generation) - 1]!();
      return code === undefined
        ? Promise.resolve()
        : Promise.reject(new KafkaError("Cannot commit", { code }));
    });
  }
}

Deno.test("asMember() commits as the next generation when the group has refused the one before", async () => {
  const worker = new Rebalancing();
  await worker.commit(() => {
    worker.generation = 2;
    return "ILLEGAL_GENERATION";
  }, () => undefined);
  assert.deepEqual(worker.asked, [1, 2]);
});

Deno.test("asMember() asks until its join is answered, and the group has assigned", async () => {
  const worker = new Rebalancing();
  await worker.commit(
    () => "ILLEGAL_GENERATION",
    () => {
      worker.generation = 2;
      return "ILLEGAL_GENERATION";
    },
    () => "REBALANCE_IN_PROGRESS",
    () => {
      Object.assign(worker.member, { isRejoining: false, syncs: 2 });
      return "REBALANCE_IN_PROGRESS";
    },
    () => undefined,
  );
  assert.deepEqual(worker.asked, [1, 1, 2, 2, 2]);
});

Deno.test("asMember() gives up when the group has gone on without the worker, however it looks now", async () => {
  const out = new Rebalancing();
  await assert.rejects(
    out.commit(() => {
      Object.assign(out.member, { isRejoining: false, syncs: 1 });
      return "UNKNOWN_MEMBER_ID";
    }),
    { code: "UNKNOWN_MEMBER_ID" },
  );
  const back = new Rebalancing();
  await assert.rejects(
    back.commit(() => {
      back.generation = 7;
      back.tenures++;
      return "ILLEGAL_GENERATION";
    }),
    { code: "ILLEGAL_GENERATION" },
    "what it did before may be done by others",
  );
  const refused = new Rebalancing();
  await assert.rejects(refused.commit(() => "TOPIC_AUTHORIZATION_FAILED"), isNoRebalance);
});

const isNoRebalance = (error: unknown) => !isOutOfGroup(error);

Deno.test("Membership goes on asking while the group counts it in anew, and its refusals of an older tenure say nothing of this one", async () => {
  const worker = new Rebalancing();
  const answers = [false, true];
  const membership = new Membership({
    identity: worker.identity,
    tenure: worker.tenure,
    options: { sessionTimeoutMs: 60_000 },
    get member() {
      const belongs = () => Promise.resolve(answers.shift()!);
      return { ...worker.member, coordinator: { belongs } };
    },
  });
  await membership.confirm();
  assert.deepEqual(answers, []);
  assert.equal(membership.renew(performance.now()), true);
});
