/** The Control Center's page and Kafka's own client are asked at the same time: every number is the same. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { sleep } from "../lib/async/mod.ts";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { killBroker } from "../lib/cluster/mod.ts";
import type { RecordAnalysis, RecordsPart, Snapshot } from "../lib/control_center/contract.ts";
import { startControlCenter } from "../lib/control_center/mod.ts";
import { TransactionSession } from "../lib/kafka/engine.ts";
import { consumer, type Kafka, producer } from "../lib/kafka/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { testWith } from "./needs.ts";
import { until, withBrokers } from "./own_brokers.ts";
import { linesOf } from "./testkit/lines.ts";

const JDK = { program: "javac", ask: ["-version"], get: "sudo apt install default-jdk" } as const;
const P = "truth";

/** A partition, as both sides tell it; null while its leader is away. */
interface PartitionTruth {
  readonly leader: number;
  readonly copies: readonly number[];
  readonly inSync: readonly number[];
  readonly begin: number | null;
  readonly end: number | null;
  /** How far a read-committed reader gets. */
  readonly stable: number | null;
  /** What a read-committed reader gets, and one that reads everything. */
  readonly records: number | null;
  readonly uncommitted: number | null;
}

interface GroupTruth {
  readonly protocol: string;
  readonly state: string;
  readonly members: number;
  readonly committed: Readonly<Record<string, number>>;
  readonly lags: Readonly<Record<string, number>>;
}

interface Truth {
  readonly brokers: readonly number[];
  readonly controller: number;
  readonly partitions: Readonly<Record<string, PartitionTruth>>;
  /** Of one copy, by topic. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly groups: Readonly<Record<string, GroupTruth>>;
}

// Three brokers and a compiler take half a minute.
if (Deno.env.get("TAXI_TEST_ALL")) {
  await testWith(
    JDK,
    "every number of the Control Center's page equals what Kafka's own client says",
    () =>
      withBrokers(3, async ({ kafka, brokers, config }) => {
        await using stack = new AsyncDisposableStack();
        const center = stack.use(
          await startControlCenter({
            port: 0,
            kafka: { brokers, local: true, ssl: false },
            registry: schemaRegistry({ url: "http://localhost:1", retryForMs: 1 }),
          }),
        );
        const java = stack.use(startJava(brokers));
        await fill(kafka, stack);
        await java.ask(`consume ${P}.new-protocol ${P}.plain 4`);
        await java.ask(`share ${P}.share ${P}.shared 3`);
        await killBroker(3, { config });
        await until("a leader for what has copies elsewhere", async () => {
          const { brokers, partitions } = await java.truth();
          const led = Object.entries(partitions).filter(([, one]) => one.leader >= 0).length;
          return brokers.length === 2 && led === 11 ? true : undefined;
        });
        await until("compaction", async () => {
          const { records, begin, end } = (await java.truth()).partitions[`${P}.compact-0`]!;
          return records! < end! - begin! ? true : undefined;
        });
        // Brokers tell of a change one after the other: both sides are asked until they agree.
        let told: Truth | undefined, shown: Truth | undefined;
        const deadlineMs = Date.now() + 60_000;
        do {
          told = await java.truth();
          shown = await pageTruth(center.url);
        } while (!isSame(told, shown) && Date.now() < deadlineMs);
        assert.deepEqual(shown, told);
        assert.ok(told.partitions[`${P}.tx-0`]!.stable! < told.partitions[`${P}.tx-0`]!.end!);
        assert.equal(told.partitions[`${P}.tx-0`]!.records, 2);
        assert.equal(told.groups[`${P}.new-protocol`]!.lags[`${P}.plain-0`], 6);
        assert.deepEqual(told.groups[`${P}.share`]!.lags, { [`${P}.shared-0`]: 5 });
      }),
  );
}

const isSame = (a: Truth, b: Truth) => {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
};

/** Makes everything that could be told wrong. */
async function fill(kafka: Kafka, stack: AsyncDisposableStack): Promise<void> {
  const create = (name: string, options: Parameters<Kafka["topics"]["create"]>[1]) =>
    kafka.topics.create(`${P}.${name}`, options);
  await create("plain", { partitions: 1 });
  await create("spread", { partitions: 4 });
  await create("tx", { partitions: 1 });
  await create("shared", { partitions: 1 });
  await create("alone", { partitions: 6, replicas: 1 });
  const config = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.cleanable.dirty.ratio": "0.01",
  };
  await create("compact", { partitions: 1, config });
  await using out = producer(kafka);
  const some = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ key: `k${at % 3}`, value: { at } }));
  for (
    const [topic, count] of [["plain", 10], ["spread", 40], ["alone", 60], ["shared", 8]] as const
  ) {
    await out.send(`${P}.${topic}`, some(count));
  }
  for (let at = 0; at < 3; at++) {
    await out.send(`${P}.compact`, some(9));
    await sleep(200);
  }
  await transactions(kafka, stack);

  const group = `${P}.stopped`;
  await using stopped = await consumer(kafka, { group, topics: `${P}.spread`, autoCommit: false });
  await stopped.take(7);
  await stopped.commit();
  const classic = stack.use(
    await consumer(kafka, { group: `${P}.classic`, topics: `${P}.alone`, autoCommit: false }),
  );
  await classic.take(5);
  await classic.commit();
}

/** One that is done, one that was given up, one of a session that was fenced, and one that stays open. */
async function transactions(kafka: Kafka, stack: AsyncDisposableStack): Promise<void> {
  const write = (session: TransactionSession, count: number) =>
    session.writeAll([{
      ...{ topic: `${P}.tx`, partition: 0 },
      messages: Array.from({ length: count }, () => ({
        ...{ key: null, value: Buffer.from("1"), timestamp: 1 },
      })),
    }]);
  const open = async (id: string) => {
    const session = new TransactionSession(kafka, `${P}.${id}`, { timeoutMs: 600_000 });
    await session.begin();
    // One that was fenced has nothing to end.
    stack.defer(() => session.close().catch(() => {}));
    return session;
  };
  const first = await open("first");
  await write(first, 2);
  // Without offsets, it asks no group.
  await first.commit(undefined as never, []);
  await write(first, 3);
  await first.abort();
  const fenced = await open("worker");
  await write(fenced, 4);
  await open("worker");
  await assert.rejects(write(fenced, 1), /fenced|epoch/i);
  await write(await open("last"), 5);
}

/** The same facts from the page's own server, each where a page shows it. */
async function pageTruth(url: string): Promise<Truth> {
  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${url}/api${path}`);
    assert.equal(answer.status, 200, path);
    return await answer.json();
  };
  const now = await ask<Snapshot>("/now");
  const partitions: Record<string, PartitionTruth> = {}, bytes: Record<string, number> = {};
  for (const line of now.topics.filter(({ topic }) => topic.startsWith(P))) {
    bytes[line.topic] = line.bytes ?? -1;
    const isLed = (at: number) => line.leaders[at]! >= 0;
    const committed = line.leaders.every((one) => one >= 0)
      ? await ask<RecordAnalysis>(`/topics/${line.topic}/analysis`)
      : undefined;
    for (const [at, end] of line.end.entries()) {
      partitions[`${line.topic}-${at}`] = {
        leader: line.leaders[at]!,
        copies: line.copies[at]!,
        inSync: line.inSync[at]!.toSorted((a, b) => a - b),
        begin: line.begin[at]!,
        end,
        stable: line.open.find(({ partition }) => partition === at)?.stable ?? end,
        records: committed
          ? committed.partitions.find(({ partition }) => partition === at)?.records ?? 0
          : isLed(at)
          ? await read(url, line.topic, at, false)
          : null,
        uncommitted: isLed(at) ? await read(url, line.topic, at, true) : null,
      };
    }
  }
  const groups = now.groups.filter(({ group }) => group.startsWith(P)).map((one) => {
    const known = one.lags.filter(({ committed }) => committed !== null);
    const by = (of: (lag: typeof known[number]) => number | null) =>
      Object.fromEntries(
        known.filter((lag) => of(lag) !== null)
          .map((lag) => [`${lag.topic}-${lag.partition}`, of(lag)!]),
      );
    const { group, protocol, state, members } = one;
    return [group, {
      ...{ protocol, state, members: members.length },
      ...{ committed: by(({ committed }) => committed), lags: by(({ lag }) => lag) },
    }] as const;
  });
  return {
    brokers: now.brokers.map(({ broker }) => broker).sort(),
    controller: now.controller ?? -1,
    partitions,
    bytes,
    groups: Object.fromEntries(groups),
  };
}

/** How many records the Messages tab shows of a partition, from its beginning to its end. */
async function read(url: string, topic: string, partition: number, all: boolean): Promise<number> {
  const query = new URLSearchParams({ from: "begin", max: "500", partition: `${partition}` });
  if (all) query.set("transactions", "1");
  const answer = await fetch(`${url}/api/topics/${topic}/records?${query}`);
  let records = 0;
  for await (const line of linesOf(answer.body!)) {
    if (!line.startsWith("data: ")) continue;
    const part = JSON.parse(line.slice(6)) as RecordsPart;
    records += part.records.filter(({ marker }) => !marker).length;
    if (part.at !== "behind") break;
  }
  return records;
}

/** Kafka's own client, in the Java of this machine; the jars are those of the broker. */
function startJava(brokers: readonly string[]) {
  const source = fileURLToPath(new URL("./java/Truth.java", import.meta.url));
  const child = new Deno.Command("java", {
    args: ["-cp", `${folders().cache}/jars/*`, source, brokers.join(","), P],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = linesOf(child.stdout);
  const ask = async (command: string) => {
    await input.write(new TextEncoder().encode(`${command}\n`));
    for (;;) {
      const { value, done } = await output.next();
      if (done) assert.fail(`Java ended at "${command}"`);
      if (value.startsWith("{")) return JSON.parse(value);
    }
  };
  return {
    ask,
    truth: async (): Promise<Truth> => {
      const { partitions, ...told } = await ask("truth");
      const bytes: Record<string, number> = {};
      for (const [name, one] of Object.entries(partitions) as [string, { bytes?: number }][]) {
        const topic = name.slice(0, name.lastIndexOf("-"));
        bytes[topic] = (bytes[topic] ?? 0) + one.bytes!;
        delete one.bytes;
      }
      return { ...told, partitions, bytes };
    },
    [Symbol.asyncDispose]: async () => {
      await input.close().catch(() => {});
      // It ends when its input does.
      await child.status;
      await output.return();
    },
  };
}
