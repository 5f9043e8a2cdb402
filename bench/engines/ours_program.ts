/**
 * Our engine as `deno task bench` starts it: `ours_program.ts QUESTION GUARANTEE ID SOURCE FOLDER`, until it is killed.
 *
 * @module
 */
import { connect } from "../../lib/kafka/mod.ts";
import {
  type App,
  app,
  bytes,
  int64,
  json,
  string,
  topic,
  tumbling,
} from "../../lib/streams/mod.ts";
import { sqliteStores, Worker } from "../../lib/streams/runtime/mod.ts";
import type { Question } from "../load/expected.ts";
import { type LoadedRide, pickupMs } from "../load/ride.ts";

const [question, guarantee, id, source, folder] = Deno.args as [
  string,
  "at-least-once" | "exactly-once",
  string,
  string,
  string,
];

function build(question: Question): App {
  const made = app(id), value = json<LoadedRide>();
  if (question.what === "distinct") {
    made.stream(topic(source, { key: int64, value: bytes })).groupByKey()
      .count("counts", { value: int64 });
    return made;
  }
  const timestamp = question.what === "windows" ? { timestamp: pickupMs } : {};
  const rides = made.stream(topic(source, { key: string, value, nullable: false, ...timestamp }));
  const byVendor = { key: int64 };
  switch (question.what) {
    case "count":
      rides.groupBy("vendor", (ride) => ride.VendorID, byVendor)
        .count("counts", { value: int64 });
      return made;
    case "keys":
      rides.groupBy("key", (_, { key }) => Number(key) % question.keys, byVendor)
        .count("counts", { value: int64 });
      return made;
    case "windows":
      rides.groupBy("vendor", (ride) => ride.VendorID, byVendor)
        .windowedBy(tumbling({ sizeMs: 60_000, graceMs: 25 * 3_600_000 }))
        .count("counts", { value: int64, windowKey: "java", retentionMs: 26 * 3_600_000 });
      return made;
    case "branch": {
      const { high, rest } = rides.split({ high: (ride) => ride.total_amount >= 40 });
      high.to(`${id}-high`);
      rest.to(`${id}-low`);
      return made;
    }
  }
}

const kafka = await connect();
const asked: Question = JSON.parse(question);
const worker = await Worker.start(kafka, build(asked).topology(), {
  guarantee,
  // As `deno task worker` does with tables that outgrow memory.
  ...(asked.what === "distinct" && { stores: sqliteStores({ directory: folder }) }),
});
await worker.done;
