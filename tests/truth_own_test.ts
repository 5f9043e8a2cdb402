/** The Control Center's page and Kafka's own client are asked at the same time: every number is the same. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { sleep } from "../lib/async/mod.ts";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { killBroker } from "../lib/cluster/mod.ts";
import type {
  BrokerPage,
  LagLine,
  OpenTransactionLine,
  RecordAnalysis,
  RecordsPart,
  SettingLine,
  Snapshot,
} from "../lib/control_center/contract.ts";
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

interface TopicTruth {
  readonly offsets: number;
  /** Of one copy. */
  readonly bytes: number;
  readonly weak: number;
  /** What its committed records are; null while they cannot all be read. */
  readonly content: Readonly<Record<string, number>> | null;
  /** By partition and producer: the transaction's name, where it begins, when it wrote last. */
  readonly open: Readonly<Record<string, readonly [string, number, number]>>;
  readonly settings: Settings;
}

/** Value, and where it is set. */
type Settings = Readonly<Record<string, readonly [string, SettingLine["source"]]>>;

interface GroupTruth {
  readonly protocol: string;
  readonly state: string;
  /** What each member owns. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly committed: Readonly<Record<string, number>>;
  readonly lags: Readonly<Record<string, number>>;
  readonly lag: number;
}

interface BrokerTruth {
  readonly address: string;
  readonly bytes: number;
  readonly folders: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly volumeBytes: number;
  }[];
}

interface Truth {
  readonly clusterId: string;
  readonly brokers: Readonly<Record<string, BrokerTruth>>;
  readonly controller: number;
  readonly topics: Readonly<Record<string, TopicTruth>>;
  readonly partitions: Readonly<Record<string, PartitionTruth>>;
  readonly groups: Readonly<Record<string, GroupTruth>>;
  /** Of broker 1. */
  readonly settings: Settings;
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
          const isMoved = Object.values(partitions).every(({ leader, copies }) =>
            leader !== 3 && (leader >= 0) === copies.some((broker) => broker !== 3)
          );
          return !("3" in brokers) && isMoved || undefined;
        });
        await until("compaction", async () => {
          const { records, begin, end } = (await java.truth()).partitions[`${P}.compact-0`]!;
          return records! < end! - begin! ? true : undefined;
        });
        // Brokers tell of a change one after the other, and the page refuses what it knew before: both sides are asked
        // until they agree.
        let told: Truth, shown: Truth | undefined, refusal: unknown;
        const deadlineMs = Date.now() + 60_000;
        do {
          told = await java.truth();
          shown = await pageTruth(center.url).catch((error) => void (refusal = error));
        } while (!isDeepStrictEqual(shown, told) && Date.now() < deadlineMs);
        if (!shown) throw refusal;
        assert.deepEqual(shown, told);
        assert.ok(told.partitions[`${P}.tx-0`]!.stable! < told.partitions[`${P}.tx-0`]!.end!);
        assert.equal(told.partitions[`${P}.tx-0`]!.records, 2);
        assert.equal(told.groups[`${P}.new-protocol`]!.lags[`${P}.plain-0`], 6);
        assert.deepEqual(told.groups[`${P}.share`]!.lags, { [`${P}.shared-0`]: 5 });
      }),
  );
}

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
  const partitions: Record<string, PartitionTruth> = {}, topics: Record<string, TopicTruth> = {};
  for (const line of now.topics.filter(({ topic }) => topic.startsWith(P))) {
    const isLed = (at: number) => line.leaders[at]! >= 0;
    const content = line.leaders.every((one) => one >= 0)
      ? await ask<RecordAnalysis>(`/topics/${line.topic}/analysis`)
      : undefined;
    topics[line.topic] = {
      ...{ offsets: line.offsets, bytes: line.bytes ?? -1, weak: line.weak },
      content: content ? contentOf(content) : null,
      open: Object.fromEntries(
        (await ask<readonly OpenTransactionLine[]>(`/topics/${line.topic}/transactions`)).map((
          { partition, producer, transactionalId, from, lastMs },
        ) => [`${line.topic}-${partition} ${producer}`, [transactionalId ?? "", from, lastMs]]),
      ),
      settings: settingsOf(await ask(`/topics/${line.topic}/settings`)),
    };
    for (const [at, end] of line.end.entries()) {
      partitions[`${line.topic}-${at}`] = {
        leader: line.leaders[at]!,
        copies: line.copies[at]!,
        inSync: line.inSync[at]!.toSorted((a, b) => a - b),
        begin: line.begin[at]!,
        end,
        stable: line.open.find(({ partition }) => partition === at)?.stable ?? end,
        records: content
          ? content.partitions.find(({ partition }) => partition === at)?.records ?? 0
          : isLed(at)
          ? await read(url, line.topic, at, false)
          : null,
        uncommitted: isLed(at) ? await read(url, line.topic, at, true) : null,
      };
    }
  }
  const groups = now.groups.filter(({ group }) => group.startsWith(P)).map((one) => {
    const by = (of: (lag: LagLine) => number | null) =>
      Object.fromEntries(
        one.lags.filter((lag) => of(lag) !== null)
          .map((lag) => [`${lag.topic}-${lag.partition}`, of(lag)!]),
      );
    const { group, protocol, state, lag } = one;
    const members = one.members.map(({ memberId, partitions }) => [
      memberId,
      partitions.map(({ topic, partition }) => `${topic}-${partition}`).sort(),
    ]);
    return [group, {
      ...{ protocol, state, lag, members: Object.fromEntries(members) },
      ...{ committed: by(({ committed }) => committed), lags: by(({ lag }) => lag) },
    }] as const;
  });
  const brokers: Record<string, BrokerTruth> = {};
  let settings: Settings = {};
  for (const { broker, address, bytes } of now.brokers) {
    const page = await ask<BrokerPage>(`/brokers/${broker}`);
    if (broker === 1) settings = settingsOf(page.settings);
    brokers[broker] = {
      ...{ address, bytes: bytes ?? -1 },
      folders: page.folders.map(({ path, bytes, volumeBytes }) => ({ path, bytes, volumeBytes })),
    };
  }
  return {
    ...{ clusterId: now.where.clusterId ?? "", controller: now.controller ?? -1 },
    ...{ brokers, topics, partitions, groups: Object.fromEntries(groups), settings },
  };
}

const contentOf = (told: RecordAnalysis) => ({
  ...{ records: told.records, nullKeys: told.nullKeys, nullValues: told.nullValues },
  ...{ keys: told.keys ?? -1, largest: told.largest[0]?.bytes ?? 0 },
  ...{ keyBytes: told.keySizes?.sum ?? 0, valueBytes: told.values?.sum ?? 0 },
  ...{ firstMs: told.firstMs ?? -1, lastMs: told.lastMs ?? -1 },
});

const settingsOf = (lines: readonly SettingLine[]): Settings =>
  Object.fromEntries(lines.map(({ name, value, source }) => [name, [value, source]]));

/** How many records the Messages tab shows of a partition, from its beginning to its end. */
async function read(url: string, topic: string, partition: number, all: boolean): Promise<number> {
  const query = new URLSearchParams({ from: "begin", max: "500", partition: `${partition}` });
  if (all) query.set("transactions", "1");
  const answer = await fetch(`${url}/api/topics/${topic}/records?${query}`);
  let records = 0, event = "";
  for await (const line of linesOf(answer.body!)) {
    if (line.startsWith("event: ")) event = line.slice(7);
    if (!line.startsWith("data: ")) continue;
    assert.equal(event, "records", `partition ${partition} of ${topic}: ${line}`);
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
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = linesOf(child.stdout);
  const stderr = new Response(child.stderr).text();
  const ask = async (command: string) => {
    await input.write(new TextEncoder().encode(`${command}\n`));
    for (;;) {
      const { value, done } = await output.next();
      if (done) assert.fail(`Java ended at "${command}": ${await stderr}`);
      if (value.startsWith("{")) return JSON.parse(value);
    }
  };
  return {
    ask: async (command: string) => {
      const { problem } = await ask(command);
      assert.equal(problem, undefined, command);
    },
    /** Asks again while a broker goes away. */
    truth: async (): Promise<Truth> => {
      let told = await ask("truth");
      for (const untilMs = Date.now() + 120_000; told.problem && Date.now() < untilMs;) {
        told = await ask("truth");
      }
      assert.equal(told.problem, undefined);
      return told;
    },
    [Symbol.asyncDispose]: async () => {
      await input.close().catch(() => {});
      // It ends when its input does.
      await Promise.all([child.status, stderr]);
      await output.return();
    },
  };
}
