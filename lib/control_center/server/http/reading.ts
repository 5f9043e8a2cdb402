import { sleep } from "../../../async/mod.ts";
import { Hono } from "hono";
import { bytes, type Kafka, type RawRecord, readTopic, topicLanes } from "../../../kafka/mod.ts";
import { appRoutes } from "../apps/app_routes.ts";
import { AvroReaders } from "../records/avro_reader.ts";
import { topicName } from "./changes.ts";
import { events, type EventWriter } from "./events.ts";
import type { Link, Snapshot } from "../cluster/link.ts";
import type { PayloadOptions } from "../records/payload.ts";
import { readView, type View, writeNext } from "../records/place.ts";
import { contains, recordLine } from "../records/record_line.ts";
import { subjectList, subjectPage } from "../schemas/schemas.ts";
import { tail } from "../records/tail.ts";
import { visible } from "../records/visible.ts";

/** Pages that may follow records at the same time. */
const TAILS = 8;

/** Routes that only look: they change nothing, whatever is asked. */
export function reading(link: Link): Hono {
  const app = new Hono();
  app.get("/now", async (c) => c.json(await link.now()));
  app.get("/live", () => events((writer, gone) => follow(link, writer, gone)));
  app.get("/topics/:topic/settings", async (c) => {
    const topic = topicName(c.req.param());
    const settings = await (await link.kafka()).topics.settings(topic);
    return c.json(settings.map(({ value, ...one }) => ({ ...one, value: visible(value) })));
  });
  app.route("/", recordRoutes(link));
  app.route("/", appRoutes(link));
  app.get("/topics/:topic/lanes", async (c) => {
    const group = c.req.query("group");
    const kafka = await link.kafka();
    const lanes = await topicLanes(kafka, topicName(c.req.param()), {
      ...(group ? { group: group.slice(0, 300) } : {}),
      last: 12,
    });
    return c.json(lanes);
  });
  app.get("/groups/:group", (c) => c.json(link.history.of(c.req.param("group"))));
  app.get("/schemas", async (c) => c.json(await subjectList(link.registry)));
  app.get(
    "/schemas/:subject",
    async (c) => c.json(await subjectPage(link.registry, c.req.param("subject"))),
  );
  return app;
}

/** Routes to the records of a topic: a stream of them, and one in full. */
function recordRoutes(link: Link): Hono {
  const app = new Hono();
  const avro = new AvroReaders(link.registry);
  let tails = 0;
  app.get("/topics/:topic/records", (c) => {
    const topic = topicName(c.req.param());
    const query = new URL(c.req.url).searchParams;
    const goOn = c.req.header("last-event-id");
    if (goOn) query.set("from", goOn);
    const view = readView(query);
    if (tails >= TAILS) throw new Error(`Cannot follow more than ${TAILS} topics at once`);
    return events(async (writer, signal) => {
      tails++;
      try {
        const decode = { avro: avro.of(topic) };
        await follows(await link.kafka(), { topic, view, decode, writer, signal });
      } finally {
        tails--;
        writer.close();
      }
    });
  });
  app.get("/topics/:topic/records/:partition/:offset", async (c) => {
    const { partition, offset } = c.req.param();
    const topic = topicName(c.req.param());
    const record = await oneRecord(await link.kafka(), topic, {
      partition: Number(partition),
      offset: Number(offset),
    });
    return c.json(await recordLine(record, { whole: true, avro: avro.of(topic) }));
  });
  return app;
}

/** Tells one page about the cluster, again when something changed. */
async function follow(link: Link, writer: EventWriter, gone: AbortSignal): Promise<void> {
  let told = "";
  const tell = (snapshot: Snapshot) => {
    const { atMs: _, ...facts } = snapshot;
    const now = JSON.stringify(facts, (name, value) => name === "atMs" ? undefined : value);
    if (now === told || !writer.isReady) return;
    told = now;
    writer.send("now", snapshot);
  };
  const stop = link.listen(tell);
  gone.addEventListener("abort", stop, { once: true });
  tell(await link.now());
}

interface Following {
  readonly topic: string;
  readonly view: View;
  readonly decode: PayloadOptions;
  readonly writer: EventWriter;
  readonly signal: AbortSignal;
}

/** Sends records to one page until it goes away. */
async function follows(kafka: Kafka, { topic, view, decode, writer, signal }: Following) {
  const { filter } = view;
  let told = "behind";
  await tail(kafka, {
    topic,
    view,
    signal,
    ...(filter === undefined
      ? {}
      : { matches: async (record) => contains(await recordLine(record, decode), filter) }),
    onPart: async ({ records, gaps, next, at, unmatched }) => {
      const isNews = records.length > 0 || gaps.length > 0 || unmatched > 0 || at !== told;
      if (!isNews) return;
      told = at;
      const lines = await Promise.all(records.map((record) => recordLine(record, decode)));
      while (!writer.isReady && !signal.aborted) {
        await sleep(50);
      }
      const place = writeNext(next);
      writer.send("records", { records: lines, gaps, next: place, at, unmatched }, place);
    },
  });
}

async function oneRecord(
  kafka: Kafka,
  topic: string,
  { partition, offset }: { readonly partition: number; readonly offset: number },
): Promise<RawRecord> {
  const read = readTopic(kafka, topic, {
    from: { offset },
    partitions: [partition],
    key: bytes,
    value: bytes,
    max: 1,
    timeoutMs: 5_000,
  });
  for await (const record of read) if (record.offset === offset) return record as RawRecord;
  throw new Error(
    `Cannot show offset ${offset} of partition ${partition}: it is not there any more`,
  );
}
