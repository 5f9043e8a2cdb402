import assert from "node:assert/strict";
import {
  bytes,
  connect,
  headerText,
  type Kafka,
  producer,
  readAll,
  string,
} from "../lib/kafka/mod.ts";

const RIDES = "datatalkclub.yellow_taxi_ride.json";
const ride = (vendor: number) =>
  `{"vendorId": ${vendor}, "passenger_count": 1, "trip_distance": 2.1, "payment_type": 2, "total_amount": 40}`;

async function run(task: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `tasks/${task}.ts`, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const lines = (data: Uint8Array) => new TextDecoder().decode(data).trimEnd().split("\n");
  return { code, out: lines(stdout), err: lines(stderr) };
}

/** A topic of one partition with these values, gone afterwards with its dead letters. */
async function withValues(
  topic: string,
  values: readonly (string | Uint8Array)[],
  test: (kafka: Kafka) => Promise<void>,
): Promise<void> {
  await using kafka = await connect();
  const utf8 = new TextEncoder();
  if (await kafka.topics.exists(topic)) await kafka.topics.delete(topic);
  await kafka.topics.create(topic, { partitions: 1 });
  try {
    await using out = producer(kafka, { key: bytes, value: bytes });
    const records = values.map((value) => ({
      key: utf8.encode('{"vendorId": 1}'),
      value: typeof value === "string" ? utf8.encode(value) : value,
    }));
    await out.send(topic, records);
    await test(kafka);
  } finally {
    const letters = `${topic}.dead-letters`;
    await kafka.topics.delete([topic, ...await kafka.topics.exists(letters) ? [letters] : []]);
  }
}

Deno.test("worker ends at a record it cannot read with advice that its command line has, and follows it", () =>
  withValues(RIDES, [ride(1), "oops", ride(2)], async (kafka) => {
    const id = `decode-${crypto.randomUUID().slice(0, 8)}`;
    const worker = (...flags: readonly string[]) =>
      run("worker", "stream_count_vendor_trips", "--drain", "--json", "--app-id", id, ...flags);
    const ended = await worker();
    assert.equal(ended.code, 1);
    assert.match(
      ended.err.at(-1)!,
      /^✗ Cannot decode offset 1 of .* not JSON \(fix its producer, or set --on-decode-error to skip or dead-letter\)$/,
    );
    const kept = await worker("--on-decode-error", "dead-letter");
    assert.equal(kept.code, 0);
    assert.match(kept.err.join("\n"), /1 records put among the dead letters/);
    assert.deepEqual(kept.out.map((line) => JSON.parse(line)), [
      { table: "vendor_rides", key: 1, value: 1 },
      { table: "vendor_rides", key: 2, value: 1 },
    ]);
    const letters = await readAll(kafka, `${RIDES}.dead-letters`, { key: string, value: string });
    assert.deepEqual(letters.map(({ value }) => value), ["oops"]);
  }));

Deno.test("consumer and avro-consumer leave out or keep what they cannot read when they are told to", () => {
  const topic = `decode-${crypto.randomUUID().slice(0, 8)}`;
  return withValues(topic, [new Uint8Array([0, 0xff]), '{"number":1}'], async (kafka) => {
    const consumer = (name: string, policy: string, ...more: readonly string[]) =>
      run(
        name,
        ...["--topic", topic, "--group", `${topic}.${name}.${policy}`, "--json"],
        ...["--on-decode-error", policy, ...more],
      );
    const ended = await consumer("consumer", "fail");
    assert.deepEqual([ended.code, ended.err.at(-1)], [
      1,
      `✗ Cannot read the record at ${topic}-0-0: it is neither JSON nor text, it may be Avro: ` +
      '"deno task avro-consumer" reads that (fix its producer, or set --on-decode-error to skip or dead-letter)',
    ]);
    const skipped = await consumer("consumer", "skip", "--max", "1");
    assert.deepEqual(JSON.parse(skipped.out[0]!).value, { number: 1 });
    assert.match(skipped.err.join("\n"), /the record at \S+-0-0 is left out: it is neither/);
    const avro = await consumer("avro_consumer", "fail");
    assert.match(avro.err.at(-1)!, /-0-0: .*--on-decode-error to skip or dead-letter\)$/);

    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", "tasks/avro_consumer.ts", "--topic", topic],
        ...["--group", `${topic}.avro`, "--on-decode-error", "dead-letter"],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let said = "";
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += part;
      if (said.match(/is kept in/g)?.length === 2) break;
    }
    child.kill("SIGTERM");
    await child.status;
    const letters = await readAll(kafka, `${topic}.dead-letters`, { key: string, value: bytes });
    assert.deepEqual(letters.map(({ value }) => value![0]), [0, "{".charCodeAt(0)]);
    assert.equal(headerText(letters[1]!.headers, "__consumer.errors.offset"), "1");
  });
});
