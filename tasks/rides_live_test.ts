import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { bytes, connect, type Kafka, readAll } from "../lib/kafka/mod.ts";

const HEADER = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count," +
  "trip_distance,payment_type,total_amount";
const GOOD = "1,2021-01-01 00:30:10,2021-01-01 00:36:12,1,2.10,2,11.8";
const VALUE = '{"vendorId":1,"passenger_count":1,"trip_distance":2.1,"payment_type":2,' +
  '"total_amount":11.8,"tpep_pickup_datetime":1609461010000,"tpep_dropoff_datetime":1609461372000}';

const decode = (data: Uint8Array | null) => data && new TextDecoder().decode(data);

/** A topic of its own for one test, gone afterwards; a folder for its files too. */
async function alone(run: (kafka: Kafka, topic: string, folder: string) => Promise<void>) {
  const topic = `rides-${crypto.randomUUID().slice(0, 8)}`;
  const folder = await Deno.makeTempDir();
  const kafka = await connect();
  try {
    await run(kafka, topic, folder);
  } finally {
    await kafka.topics.delete(topic);
    await kafka.close();
    await Deno.remove(folder, { recursive: true });
  }
}

function start(args: readonly string[]) {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", fileURLToPath(new URL("rides.ts", import.meta.url)), ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
}

async function rides(...args: string[]) {
  const { code, stdout, stderr } = await start(args).output();
  const lines = (data: Uint8Array) => decode(data)!.split("\n").filter((line) => line !== "");
  return { code, out: lines(stdout), err: lines(stderr) };
}

Deno.test("rides sends every good row and tells of every other", () =>
  alone(async (kafka, topic, folder) => {
    const csv = `${folder}/rides.csv`;
    const rows = [GOOD, '1,"2021-01-01 00:30', GOOD, "", "oops", GOOD.replace("1", "6")];
    await Deno.writeTextFile(csv, [HEADER, ...rows].join("\r\n"));
    const { code, out, err } = await rides("--csv", csv, "--topic", topic, "--rate", "max");
    assert.deepEqual([code, out], [0, [
      `made topic "${topic}" with 2 partitions`,
      `"${topic}": 5 rows, 3 sent, 2 malformed`,
    ]]);
    assert.deepEqual(err, [
      "line 3: a quote is opened and not closed (left out)",
      "line 6: has 1 fields where the header has 7 (left out)",
    ]);
    const records = await readAll(kafka, topic, { key: bytes, value: bytes });
    const keys = records.map((record) => decode(record.key)).sort();
    assert.deepEqual(keys, ['{"vendorId":1}', '{"vendorId":1}', '{"vendorId":6}']);
    assert.equal(decode(records.find((one) => decode(one.key) === keys[0])!.value), VALUE);
    assert.equal((await kafka.topics.config(topic))["retention.ms"], "-1");
  }));

Deno.test("rides --json prints JSON lines and nothing else", () =>
  alone(async (_kafka, topic, folder) => {
    const csv = `${folder}/rides.csv`;
    await Deno.writeTextFile(csv, [HEADER, GOOD, "oops"].join("\n"));
    const { out } = await rides("--csv", csv, "--topic", topic, "--rate", "1000", "--json");
    const lines = out.map((line) => JSON.parse(line));
    assert.deepEqual(lines.find((line) => "malformed" in line), {
      malformed: { line: 3, reason: "has 1 fields where the header has 7", text: "oops" },
    });
    const sent = lines.find((line) => "offset" in line);
    assert.deepEqual([sent.topic, sent.key, sent.value], [
      topic,
      { vendorId: 1 },
      JSON.parse(VALUE),
    ]);
    assert.deepEqual(lines.at(-1), { total: { topic, rows: 2, sent: 1, malformed: 1 } });
  }));

Deno.test("rides gives up on a file that is something else, once the good rows are sent", () =>
  alone(async (_kafka, topic, folder) => {
    const csv = `${folder}/rides.csv`;
    const rows = [...Array<string>(10).fill(GOOD), ...Array<string>(150).fill("oops")];
    await Deno.writeTextFile(csv, [HEADER, ...rows].join("\n"));
    const args = ["--csv", csv, "--topic", topic, "--rate", "max"];
    const gaveUp = await rides(...args);
    assert.equal(gaveUp.code, 1);
    assert.equal(gaveUp.out.at(-1), `"${topic}": 111 rows, 10 sent, 101 malformed`);
    assert.match(gaveUp.err.at(-1)!, /101 of its first 111 rows are malformed, more than 1 %/);
    const readOn = await rides(...args, "--max-malformed", "100");
    assert.equal(readOn.out.at(-1), `"${topic}": 160 rows, 10 sent, 150 malformed`);
    assert.equal(readOn.err.at(-1), "… and 130 more malformed rows (--json names each)");
  }));

Deno.test("rides reads Parquet, and the sample when no file is named", () =>
  alone(async (kafka, topic) => {
    const parquet = new URL("../lib/rides/testdata/rides_zstd.parquet", import.meta.url);
    const args = ["--topic", topic, "--rate", "max"];
    const first = await rides("--parquet", fileURLToPath(parquet), ...args);
    assert.equal(first.out.at(-1), `"${topic}": 120 rows, 119 sent, 1 malformed`);
    const second = await rides("--count", "7", ...args);
    assert.deepEqual(second.out, [`"${topic}": 7 rows, 7 sent, 0 malformed`]);
    assert.deepEqual((await kafka.topics.sizes([topic])).map((one) => one.records), [126]);
  }));

Deno.test("rides names a file that is not there, and makes no topic for it", () =>
  alone(async (kafka, topic) => {
    const { code, err } = await rides("--csv", "/nowhere/rides.csv", "--topic", topic);
    assert.equal(code, 1);
    assert.match(
      err.join("\n"),
      /^✗ Cannot read rides from "\/nowhere\/rides\.csv": there is no such/,
    );
    assert.ok(!(await kafka.topics.exists(topic)));
  }));

Deno.test("rides stops on Ctrl-C with its totals", () =>
  alone(async (kafka, topic) => {
    const child = start(["--topic", topic, "--rate", "50"]);
    const out: string[] = [];
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (!out.join("").includes("offset") && text.includes("offset")) child.kill("SIGINT");
      out.push(text);
    }
    await child.stderr.cancel();
    assert.equal((await child.status).code, 130);
    const [, rows, sent] = out.join("").match(/: (\d+) rows, (\d+) sent, 0 malformed\n$/)!;
    assert.equal(rows, sent);
    assert.deepEqual((await kafka.topics.sizes([topic])).map((one) => one.records), [Number(sent)]);
  }));
