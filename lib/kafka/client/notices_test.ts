import assert from "node:assert/strict";
import { Silence } from "./notices.ts";

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
