/** Workers on a real Kafka whose group rebalances: tasks that stay where they are go on, and nothing is counted twice. */
import assert from "node:assert/strict";
import { onKafka } from "../../../tests/testkit/live_kafka.ts";
import { sleep } from "../../async/mod.ts";
import { type Assignor, GroupMembership } from "../../kafka/engine.ts";
import { type Kafka, producer } from "../../kafka/mod.ts";
import { type App, app, type Guarantee, string, topic } from "../mod.ts";
import { drain, resetApplication, rowsOf, Worker } from "./mod.ts";

const GUARANTEES: readonly Guarantee[] = ["at-least-once", "exactly-once"];
const LETTERS = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i));
/** Nobody is to be taken for dead on a busy machine. */
const PATIENT = { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 300_000 };

/** Something that a worker told of one of its tasks. */
interface Told {
  readonly worker: string;
  readonly kind: "running" | "closed";
  readonly task: string;
}

/** An application that counts letters, and workers of it that write down which tasks they open and close. */
class Fleet {
  readonly told: Told[] = [];
  readonly workers = new Map<string, Worker>();

  constructor(
    readonly kafka: Kafka,
    readonly counts: App,
    readonly source: string,
    readonly guarantee: Guarantee,
  ) {}

  async start(name: string): Promise<Worker> {
    const worker = await Worker.start(this.kafka, this.counts.topology(), {
      ...{ name, guarantee: this.guarantee, sessionTimeoutMs: PATIENT.sessionTimeoutMs },
      ...{ status: false, server: false },
      onEvent: (event) => {
        const { kind } = event;
        if (kind === "running" || kind === "closed") {
          this.told.push({ worker: name, kind, task: event.task });
        }
      },
    });
    this.workers.set(name, worker);
    return worker;
  }

  async stop(name: string): Promise<void> {
    await this.workers.get(name)!.stop();
    this.workers.delete(name);
  }

  /** Each task's worker. */
  owners(): Map<string, string> {
    return new Map(
      [...this.workers].flatMap(([name, { tasks }]) =>
        tasks.running().map(({ name: task }) => [task, name] as const)
      ),
    );
  }

  /** Waits until each worker runs so many tasks, and knows that it is over. */
  async shared(tasks: number): Promise<void> {
    await until(() =>
      [...this.workers.values()].every((one) => one.settled && one.tasks.running().length === tasks)
    );
  }

  /** Every letter's count, once all that was written is counted. */
  async counted(): Promise<unknown[]> {
    const all = [...this.workers.values()];
    await Promise.all(all.map((worker) => drain(worker)));
    return all.flatMap((worker) => [...rowsOf(worker, "letters")])
      .map(({ key, value }) => [key, value]).sort();
  }

  async close(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }
}

/** A fleet without workers, and a way to write each letter once. */
async function withFleet(
  guarantee: Guarantee,
  partitions: number,
  use: (fleet: Fleet, write: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await onKafka(async ({ kafka, topic: make, name }) => {
    const source = await make("words", partitions), counts = app(name("cooperative"));
    counts.stream(topic(source, { key: string, value: string })).groupByKey().count("letters");
    await using out = producer(kafka, { key: string, value: string });
    const fleet = new Fleet(kafka, counts, source, guarantee);
    try {
      await use(fleet, () => out.send(source, LETTERS.map((key) => ({ key, value: key }))));
    } finally {
      await fleet.close();
      await resetApplication(kafka, counts.id);
    }
  });
}

for (const guarantee of GUARANTEES) {
  Deno.test(`Workers close no task that stays where it is when a third one comes and goes, ${guarantee}`, () =>
    withFleet(guarantee, 6, async (fleet, write) => {
      await Promise.all([fleet.start("a"), fleet.start("b")]);
      await fleet.shared(3);
      let written = 0;
      const written1 = async () => {
        await write();
        written++;
      };
      for (const change of [() => fleet.start("c"), () => fleet.stop("c")]) {
        const before = fleet.owners();
        fleet.told.length = 0;
        await written1();
        const changed = change();
        await written1();
        await changed;
        await fleet.shared(6 / fleet.workers.size);
        await written1();
        assert.deepEqual(
          await fleet.counted(),
          LETTERS.map((letter) => [letter, written]),
        );
        const after = fleet.owners(),
          moved = [...before].filter(([task, worker]) => after.get(task) !== worker);
        const of = (kind: Told["kind"]) => fleet.told.filter((one) => one.kind === kind);
        const places = (all: readonly Told[]) => all.map(({ task, worker }) => [task, worker]);
        assert.equal(moved.length, 2);
        assert.deepEqual(places(of("closed")).sort(), moved.sort());
        assert.deepEqual(
          places(of("running")).sort(),
          moved.map(([task]) => [task, after.get(task)]),
        );
      }
    }));

  Deno.test(`Worker goes on processing, and commits, for as long as its group rebalances, ${guarantee}`, () =>
    withFleet(guarantee, 4, async (fleet, write) => {
      const { kafka, counts, source } = fleet;
      const first = await fleet.start("first");
      await fleet.shared(4);
      // A member that does not join again for as long as it is busy with what it was assigned.
      const busy = Promise.withResolvers<void>(), free = Promise.withResolvers<void>();
      const slow = GroupMembership.of(kafka, {
        ...{ group: counts.id, topics: [source], name: "slow", ...PATIENT },
        assignors: [{ ...NO_LEADER, name: "taxi-streams-cooperative", cooperative: true }],
        onRevoke: () => Promise.resolve(),
        onAssign: ({ partitions }) => {
          if (partitions.length === 0) return Promise.resolve();
          busy.resolve();
          return free.promise;
        },
        onLost: (error) => busy.reject(error),
      });
      await slow.join();
      await busy.promise;
      await fleet.shared(2);
      const names = first.tasks.names(), { member } = first.context;
      fleet.told.length = 0;
      const coming = fleet.start("second");
      await until(() => member.isRejoining);
      await write();
      const ends = await kafka.topics.endOffsets(source);
      const its = first.tasks.partitionsOf(names);
      await until(async () => {
        const offsets = await kafka.groups.offsets(counts.id, source);
        return its.every(({ partition }) =>
          offsets.some((one) => one.partition === partition && one.offset >= ends[partition]!)
        );
      });
      assert.equal(member.isRejoining, true, "the rebalance is over before the busy member joins");
      assert.deepEqual(fleet.told, []);
      free.resolve();
      await slow.leave();
      await coming;
      await fleet.shared(2);
      assert.deepEqual(first.tasks.names(), names);
      assert.deepEqual(
        fleet.told.filter(({ worker }) => worker === "first"),
        [],
        "not even for a moment",
      );
      await write();
      assert.deepEqual(await fleet.counted(), LETTERS.map((letter) => [letter, 2]));
    }));
}

Deno.test("Worker is eager beside a worker of an older version, cooperative when that is gone, and lets no other one in then", () =>
  withFleet("exactly-once", 4, async (fleet, write) => {
    const { kafka, counts, source } = fleet;
    const older = () =>
      GroupMembership.of(kafka, {
        ...{ group: counts.id, topics: [source], name: "older", ...PATIENT },
        // Two workers are left, and each has half of the partitions.
        assignors: [{
          name: "taxi-streams-sticky",
          countsPartitions: false,
          assign: (candidates) =>
            new Map(candidates.map(({ memberId }, i) => [
              memberId,
              [0, 1, 2, 3].filter((partition) => partition % candidates.length === i)
                .map((partition) => ({ topic: source, partition })),
            ])),
        }],
        onRevoke: () => Promise.resolve(),
        onAssign: () => Promise.resolve(),
        onLost: () => {},
      });
    const old = older();
    await old.join();
    const worker = await fleet.start("newer");
    await fleet.shared(2);
    assert.equal(worker.context.member.isCooperative, false);
    await write();
    await old.leave();
    await fleet.shared(4);
    assert.equal(worker.context.member.isCooperative, true);
    assert.deepEqual(await fleet.counted(), LETTERS.map((letter) => [letter, 1]));
    const second = await fleet.start("second");
    await fleet.shared(2);
    const late = older();
    await assert.rejects(late.join(), { code: "INCONSISTENT_GROUP_PROTOCOL" });
    await late.leave();
    await write();
    assert.deepEqual(await fleet.counted(), LETTERS.map((letter) => [letter, 2]));
    assert.equal(second.tasks.running().length, 2);
  }));

const NO_LEADER: Pick<Assignor, "assign"> = {
  assign() {
    throw new Error("the first worker leads");
  },
};

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const limitMs = Date.now() + 300_000; !await holds();) {
    assert.ok(Date.now() < limitMs, `waited in vain for ${holds}`);
    await sleep(20);
  }
}
