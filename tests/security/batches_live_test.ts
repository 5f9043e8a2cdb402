/** A topic that holds what no client should write: each bad batch is told once, with its place; every good one is read. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync, zstdCompressSync } from "node:zlib";
import * as kafkajs from "kafkajs";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { topicLanes } from "../../lib/kafka/admin/lanes.ts";
import { tail } from "../../lib/control_center/server/records/tail.ts";
import { recordLine } from "../../lib/control_center/server/records/record_line.ts";
import { bytes, consumer, type Kafka, readTopic, string } from "../../lib/kafka/mod.ts";
import { folders, kafkaSettings } from "../../lib/settings/mod.ts";
import { app, headerText, topic } from "../../lib/streams/mod.ts";
import { Worker } from "../../lib/streams/runtime/mod.ts";
import { onKafka } from "../testkit/live_kafka.ts";
import type { Reading } from "./_hostile_reader.ts";
import { CODEC, sealed, spaces } from "../testkit/raw_batch.ts";

const GOOD = ["first", "second", "behind a bomb", "with rubbish behind it", "the last"];
/** More than one, as what one leaves in memory must not be there beside the next. */
const BOMBS = ["GZIP", "ZSTD", "GZIP", "ZSTD"] as const;
const BOMB_BYTES = 100 << 20, MOST_BYTES = 300 << 20;
/** Where the bad ones stand, and how each is told. */
const BAD: readonly [offset: number, why: RegExp][] = [
  ...BOMBS.map((codec, i) =>
    [
      2 + i,
      new RegExp(`from ${codec.toLowerCase()}: it would take more than 67108864 bytes`),
    ] as [number, RegExp]
  ),
  [8, /its checksum is wrong/],
  [9, /its codec is 7/],
];

/** Sends one batch, its body packed as a hostile program would. */
async function send(
  topic: string,
  values: readonly string[],
  pack?: (plain: Buffer) => Buffer,
  codec: "GZIP" | "ZSTD" = "GZIP",
) {
  // deno-lint-ignore no-explicit-any -- kafkajs names its classes on a default export that its types do not have.
  const { Kafka, CompressionTypes, CompressionCodecs } = (kafkajs as any).default ?? kafkajs;
  const before = CompressionCodecs[CompressionTypes[codec]];
  if (pack) {
    CompressionCodecs[CompressionTypes[codec]] = () => ({
      compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(pack(buffer)),
    });
  }
  const { brokers } = kafkaSettings();
  const producer = new Kafka({ brokers, logLevel: 0 }).producer({
    createPartitioner: () => () => 0,
  });
  await producer.connect();
  const messages = values.map((value) => ({ value }));
  await producer.send({ topic, messages, ...(pack && { compression: CompressionTypes[codec] }) });
  await producer.disconnect();
  CompressionCodecs[CompressionTypes[codec]] = before;
}

/** Changes a batch where it lies: a broker refuses it at the door, a disk does not. */
async function damage(topic: string, offset: number, how: (batch: Buffer) => void) {
  const path = `${folders().state}/brokers-1/broker-1/${topic}-0/00000000000000000000.log`;
  using file = await Deno.open(path, { read: true, write: true });
  const { size } = await file.stat(), log = Buffer.alloc(size);
  for (let at = 0; at < size;) at += (await file.read(log.subarray(at)))!;
  for (let at = 0; at + 12 <= size; at += 12 + log.readInt32BE(at + 8)) {
    if (Number(log.readBigInt64BE(at)) !== offset) continue;
    const batch = log.subarray(at, at + 12 + log.readInt32BE(at + 8));
    how(batch);
    await file.seek(at, Deno.SeekMode.Start);
    for (let done = 0; done < batch.length;) done += await file.write(batch.subarray(done));
    return;
  }
  assert.fail(`There is no batch at offset ${offset}`);
}

async function fill(topic: string): Promise<void> {
  await send(topic, GOOD.slice(0, 2));
  const pack = { GZIP: gzipSync, ZSTD: zstdCompressSync }, plain = spaces(BOMB_BYTES);
  for (const codec of BOMBS) await send(topic, ["x"], () => pack[codec](plain), codec);
  await send(topic, GOOD.slice(2, 3));
  await send(
    topic,
    GOOD.slice(3, 4),
    (plain) => Buffer.concat([gzipSync(plain), Buffer.from("x")]),
  );
  await send(topic, ["another byte"]);
  await send(topic, ["another codec"]);
  await send(topic, GOOD.slice(4));
  await damage(topic, 8, (batch) => batch[batch.length - 2]! ^= 1);
  await damage(topic, 9, (batch) => {
    batch.writeInt16BE(CODEC.unknown, 21);
    sealed(batch);
  });
}

/** Each bad batch was told once, with its place and its reason. */
function assertTold(topic: string, told: readonly { place: unknown; why: string }[]): void {
  assert.deepEqual(told.map(({ place }) => place), BAD.map(([offset]) => `${topic}-0-${offset}`));
  for (const [i, [, why]] of BAD.entries()) assert.match(told[i]!.why, why);
}

Deno.test("bad batches in a topic cost only themselves: reader, consumer, worker, Control Center", async (t) => {
  await onKafka(async ({ kafka, topic: makeTopic, name }) => {
    const input = await makeTopic("hostile", 1);
    await fill(input);

    for (const reader of ["readTopic", "consumer"] as const) {
      await t.step(
        `${reader} hands over the good ones, and each bad one to its policy`,
        async () => {
          const told: { place: string; why: string }[] = [];
          const onDecodeError = ({ error: { topic, partition, offset, message } }: {
            error: { topic?: string; partition?: number; offset?: number; message: string };
          }) => void told.push({ place: `${topic}-${partition}-${offset}`, why: message });
          const values: (string | null)[] = [];
          if (reader === "readTopic") {
            for await (
              const { value } of readTopic(kafka, input, {
                key: bytes,
                value: string,
                onDecodeError,
              })
            ) {
              values.push(value);
            }
          } else {
            await using group = await consumer(kafka, {
              group: name("readers"),
              topics: [input],
              key: bytes,
              value: string,
              from: "earliest",
              onDecodeError,
            });
            for await (const { value } of group.records({ max: GOOD.length })) values.push(value);
          }
          assert.deepEqual(values, GOOD);
          assertTold(input, told);
        },
      );
    }

    await t.step(
      "readTopic that may not leave anything out ends at the first bad one",
      async () => {
        const values: (string | null)[] = [];
        await assert.rejects(async () => {
          for await (
            const { value } of readTopic(kafka, input, { key: bytes, value: string })
          ) values.push(value);
        }, { name: "KafkaError", topic: input, partition: 0, offset: 2, message: BAD[0]![1] });
        assert.deepEqual(values, GOOD.slice(0, 2));
      },
    );

    for (const policy of ["skip", "dead-letter", "fail"] as const) {
      await t.step(`a worker whose policy is ${policy}`, async () => {
        await worksWith(kafka, policy, {
          input,
          name,
          output: await makeTopic(`out-${policy}`, 1),
          letters: await makeTopic(`dead-${policy}`, 1),
        });
      });
    }

    await t.step(
      "a process of each reads it in less than 300 MB, whatever its policy",
      async () => {
        const deadLetters = await makeTopic("dead-in-memory", 1);
        const whole = { values: GOOD, offsets: BAD.map(([offset]) => offset) };
        const untilFirst = { values: GOOD.slice(0, 2), offsets: [BAD[0]![0]] };
        const readers: Readonly<Record<string, typeof whole>> = {
          ...{ reader: whole, consumer: whole, "control-center": whole },
          ...{ skip: whole, "dead-letter": whole, fail: untilFirst },
        };
        const all = Object.entries(readers).map(async ([who, { values, offsets }]) => {
          const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
            args: [
              ...["run", "-A", "--quiet", "--no-check", "tests/security/_hostile_reader.ts"],
              ...[who, input, `${values.length}`, `${offsets.length}`, deadLetters],
            ],
            cwd: folders().root,
            env: { NO_COLOR: "1" },
          }).output();
          const said = new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
          assert.match(said, /^{/, `${who}: ${new TextDecoder().decode(stderr)}`);
          return { who, values, offsets, ...JSON.parse(said) as Reading };
        });
        for (const { who, values, offsets, good, bad, peakBytes } of await Promise.all(all)) {
          assert.deepEqual(good, values, who);
          assert.deepEqual(bad, offsets.map((offset) => `${input}-0-${offset}`), who);
          assert.ok(peakBytes < MOST_BYTES, `${who} took ${peakBytes >> 20} MB`);
        }
      },
    );

    await t.step(
      "its pages show what stands beside a bad one, and each bad one when it is opened",
      async () => {
        await using center = await startControlCenter({
          ...{ port: 0, kafka: kafkaSettings() },
          registry: schemaRegistry({ url: "http://localhost:1" }),
        });
        const ask = async (path: string) =>
          await (await fetch(`${center.url}/api/topics/${input}/${path}`)).json();
        const { records, unreadable } = await ask("analysis");
        assert.deepEqual([records, unreadable], [GOOD.length, BAD.length]);
        for (const [offset, why] of BAD) {
          const { value } = await ask(`records/0/${offset}`);
          assert.match(value.trouble, why);
        }
        assert.equal((await ask("records/0/6")).value.text, GOOD[2]);
        const { partitions } = await topicLanes(kafka, input);
        assert.equal(partitions[0]!.records.length, GOOD.length + BAD.length);
      },
    );

    await t.step("the Control Center shows each at its place", async () => {
      const lines: Awaited<ReturnType<typeof recordLine>>[] = [];
      const stop = new AbortController();
      await tail(kafka, {
        topic: input,
        view: { from: "begin" },
        signal: stop.signal,
        onPart: async ({ records }) => {
          for (const record of records) lines.push(await recordLine(record));
          if (lines.length === GOOD.length + BAD.length) stop.abort();
        },
      });
      assert.deepEqual(
        lines.filter(({ value }) => !value.trouble).map(({ value }) => value.text),
        GOOD,
      );
      assertTold(
        input,
        lines.filter(({ value }) => value.trouble)
          .map(({ partition, offset, value }) => ({
            place: `${input}-${partition}-${offset}`,
            why: value.trouble!,
          })),
      );
    });
  });
});

async function worksWith(
  kafka: Kafka,
  policy: "skip" | "dead-letter" | "fail",
  { input, output, letters, name }: {
    readonly input: string;
    readonly output: string;
    readonly letters: string;
    readonly name: (what: string) => string;
  },
): Promise<void> {
  const copy = app(name(`copy-${policy}`), { onError: { decode: policy }, deadLetter: letters });
  const serdes = { key: bytes, value: string };
  copy.stream(topic(input, serdes)).mapValues((value) => value).to(topic(output, serdes));
  const told: { place: string; why: string }[] = [];
  const worker = await Worker.start(kafka, copy.topology(), {
    status: false,
    onEvent: (event) => {
      if (event.kind !== "refused") return;
      const { topic, partition, offset, why } = event;
      told.push({ place: `${topic}-${partition}-${offset}`, why });
    },
  });
  const read = async (topic: string, many: number) => {
    const found = [];
    const follow = readTopic(kafka, topic, { key: bytes, value: bytes, to: "forever" });
    for await (const record of follow) {
      found.push(record);
      if (found.length === many) break;
    }
    return found;
  };
  const texts = async (many: number) =>
    (await read(output, many)).map(({ value }) => new TextDecoder().decode(value!));
  if (policy === "fail") {
    await assert.rejects(worker.done, {
      name: "StreamsError",
      topic: input,
      partition: 0,
      offset: 2,
      message: BAD[0]![1],
    });
    await worker.stop().catch(() => {});
    assert.deepEqual(await texts(2), GOOD.slice(0, 2));
    return;
  }
  assert.deepEqual(await texts(GOOD.length), GOOD);
  assertTold(input, told);
  if (policy === "dead-letter") {
    const dead = await read(letters, BAD.length);
    const placeOf = ({ headers }: typeof dead[number]) =>
      ["topic", "partition", "offset"].map((one) => headerText(headers, `__streams.errors.${one}`))
        .join("-");
    assertTold(
      input,
      dead.map((one) => ({
        place: placeOf(one),
        why: headerText(one.headers, "__streams.errors.message")!,
      })),
    );
    assert.ok(dead.every(({ value }) => value![16] === 2), "the batch as it stands in the log");
  }
  await worker.stop();
}
