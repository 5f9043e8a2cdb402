import assert from "node:assert/strict";
import { logLevel } from "kafkajs";
import { Silence, translateLog } from "./notices.ts";

Deno.test("Silence tells of a broker that does not answer after a second, then rarely, then of its return", () => {
  const silence = new Silence("localhost:9092"), lines: string[] = [];
  for (let ms = 0; ms <= 70_000; ms += 100) {
    const notice = silence.failed(ms);
    if (notice) lines.push(notice.text);
  }
  lines.push(silence.answered(70_000)!.text);
  assert.deepEqual(lines.map((line) => line.match(/\d+ s/)![0]), [
    "1 s",
    "5 s",
    "15 s",
    "30 s",
    "60 s",
    "70 s",
  ]);
  assert.equal(lines[0], "Kafka at localhost:9092 does not answer, retrying (1 s)");
  assert.equal(lines.at(-1), "Kafka at localhost:9092 answers again after 70 s");
});

Deno.test("Silence says nothing about a broker that was away for a moment", () => {
  const silence = new Silence("localhost:9092");
  assert.equal(silence.failed(0), undefined);
  assert.equal(silence.failed(400), undefined);
  assert.equal(silence.answered(500), undefined);
});

const log = (level: number, message: string, more = {}) =>
  translateLog({ level, log: { message, timestamp: "", ...more } });

Deno.test("translateLog() keeps to itself what is normal in Kafka", () => {
  for (
    const message of [
      "The group is rebalancing, re-joining",
      "Response Heartbeat(key: 12, version: 3)",
      "Response GroupCoordinator(key: 10, version: 2)",
      "Crash: KafkaJSNumberOfRetriesExceeded: The coordinator is not aware of this member",
      "Connection error: connect ECONNREFUSED 127.0.0.1:9092",
      "Restarting the consumer in 300ms",
    ]
  ) assert.equal(log(logLevel.ERROR, message), undefined, message);
});

Deno.test("translateLog() says when records were deleted before a group read them", () => {
  const notice = log(logLevel.ERROR, "Offset out of range, resetting to default offset", {
    groupId: "g",
    topic: "t",
    partition: 1,
  });
  assert.match(notice!.text, /^Group "g" was at an offset of t-1 that is gone/);
});
