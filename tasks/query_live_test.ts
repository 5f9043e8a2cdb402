/** `deno task query` against a worker that runs. */
import assert from "node:assert/strict";
import { sleep } from "../lib/async/mod.ts";
import { producer } from "../lib/kafka/mod.ts";
import { app, int64, string, topic, tumbling } from "../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../lib/streams/runtime/mod.ts";
import { onKafka } from "../tests/testkit/live_kafka.ts";
import { statusOf } from "./_query_app.ts";

async function query(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `${import.meta.dirname}/query.ts`, ...args],
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("query answers from the worker that has the key, and by a sentence where nobody can", () =>
  onKafka(async ({ kafka, topic: make, name }) => {
    const source = await make("words", 2), counts = app(name("query"));
    const words = counts.stream(topic(source, { key: string, value: string })).groupByKey();
    words.count("letters", { value: int64 });
    words.windowedBy(tumbling({ sizeMs: 60_000 })).count("minutes");
    await using out = producer(kafka, { key: string, value: string });
    await out.send(source, { key: "ant", value: "x", timestamp: 60_000 });
    const worker = await Worker.start(kafka, counts.topology());
    try {
      await drain(worker);
      while (!await statusOf(kafka, counts.id)) await sleep(100);
      const ask = (table: string, key: string) => query("--json", counts.id, table, key);
      const [one, windows, none, unknown, another] = await Promise.all([
        ask("letters", "ant"),
        ask("minutes", "ant"),
        ask("letters", "bee"),
        ask("trips", "ant"),
        query("no-such-app", "letters", "ant"),
      ]);
      assert.partialDeepStrictEqual(JSON.parse(one!), { key: "ant", value: 1, timestamp: 60_000 });
      assert.partialDeepStrictEqual(JSON.parse(windows!), {
        key: "ant",
        window: { start: 60_000, end: 120_000 },
        value: 1,
      });
      assert.match(none!, /Cannot find bee in table "letters" of ".*": it has no such key/);
      assert.match(unknown!, /it has no table "trips" \(there are: letters, minutes\)/);
      assert.match(another!, /there is no such app \(there are: .*query/);
    } finally {
      await worker.stop();
      await resetApplication(kafka, counts.id);
    }
  }));
