import { Notifier } from "../../../async/mod.ts";
import { Hono } from "hono";
import { bytes, type Kafka, type RawRecord, readTopic, topicLanes } from "../../../kafka/mod.ts";
import { appRoutes } from "../apps/app_routes.ts";
import { SchemaReaders } from "../records/schema_readers.ts";
import { topicName } from "./changes.ts";
import { events, type SendEvent } from "./events.ts";
import type { RecordsPart, Snapshot } from "../../contract.ts";
import { difference } from "../../difference.ts";
import type { Link } from "../cluster/link.ts";
import { readView, type View, writeNext } from "../records/place.ts";
import { contains, type LineOptions, recordLine } from "../records/record_line.ts";
import { subjectList, subjectPage } from "../schemas/schemas.ts";
import { MOST_CHARS } from "../records/payload.ts";
import { tail } from "../records/tail.ts";
import { visible } from "../records/visible.ts";

/** Pages that may follow records at the same time. */
const TAILS = 8;
/** Small charts of one answer: as many as a window has room for. */
const MOST_RATES = 100;

/** Routes that only look: they change nothing, whatever is asked. */
export function reading(link: Link): Hono {
  const app = new Hono();
  app.get("/now", async (c) => c.json(await link.now()));
  app.get("/live", (c) => events(c, link.closed, (send, gone) => follow(link, send, gone)));
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
  app.get("/rates", (c) => {
    const names = (of: string) => (c.req.queries(of) ?? []).slice(0, MOST_RATES);
    return c.json(link.history.rates({ topics: names("topic"), groups: names("group") }));
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
  const readers = new SchemaReaders(link.registry);
  let tails = 0;
  app.get("/topics/:topic/records", (c) => {
    const topic = topicName(c.req.param());
    const query = new URL(c.req.url).searchParams;
    const goOn = c.req.header("last-event-id");
    if (goOn) query.set("from", goOn);
    const view = readView(query);
    if (tails >= TAILS) throw new Error(`Cannot follow more than ${TAILS} topics at once`);
    return events(c, link.closed, async (send, signal) => {
      tails++;
      try {
        const { keyAs, valueAs } = view;
        const decode = {
          bySchema: readers.of(topic),
          ...(keyAs ? { keyAs } : {}),
          ...(valueAs ? { valueAs } : {}),
        };
        await follows(await link.kafka(), { topic, view, decode, send, signal });
      } finally {
        tails--;
      }
    });
  });
  app.get("/topics/:topic/records/:partition/:offset", async (c) => {
    const topic = topicName(c.req.param()), record = await recordOf(link, c.req.param());
    const { keyAs, valueAs, max: chars } = readView(new URL(c.req.url).searchParams, MOST_CHARS);
    const as = { ...(keyAs ? { keyAs } : {}), ...(valueAs ? { valueAs } : {}) };
    return c.json(
      await recordLine(record, { chars: chars ?? MOST_CHARS, bySchema: readers.of(topic), ...as }),
    );
  });
  app.get("/topics/:topic/records/:partition/:offset/:part{key|value}", async (c) => {
    const record = await recordOf(link, c.req.param());
    const { topic, partition, offset, part } = c.req.param();
    // Bytes to save, never a page to show, whatever they are.
    return c.body((record[part as "key" | "value"] ?? new Uint8Array()).slice().buffer, 200, {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${topic}-${partition}-${offset}.${part}"`,
    });
  });
  return app;
}

/** Tells a browser about the cluster: once everything, then what changes; a slow one gets several changes in one. */
async function follow(link: Link, send: SendEvent, gone: AbortSignal): Promise<void> {
  const news = new Notifier();
  let newest: Snapshot | undefined;
  const stop = link.listen((snapshot) => {
    newest = snapshot;
    news.notify();
  });
  try {
    let told = await link.now();
    await send("now", told);
    while (!gone.aborted) {
      const change = newest && difference(told, newest);
      if (newest && change) {
        told = newest;
        await send("change", change);
      } else await news.wait(undefined, gone);
    }
  } finally {
    stop();
  }
}

interface Following {
  readonly topic: string;
  readonly view: View;
  readonly decode: LineOptions;
  readonly send: SendEvent;
  readonly signal: AbortSignal;
}

/** Sends records to one page until it goes away. */
async function follows(kafka: Kafka, { topic, view, decode, send, signal }: Following) {
  const { filter } = view;
  let told = "behind";
  await tail(kafka, {
    topic,
    view,
    signal,
    ...(filter === undefined ? {} : { matches: (record) => contains(record, filter, decode) }),
    onPart: async ({ records, next, ...part }) => {
      const { gaps, at, unmatched, hollow, notes } = part;
      const isNews = records.length + gaps.length + unmatched + hollow + notes.length > 0 ||
        at !== told;
      if (!isNews) return;
      told = at;
      const lines = await Promise.all(records.map((record) => recordLine(record, decode)));
      const place = writeNext(next);
      await send("records", { ...part, records: lines, next: place } satisfies RecordsPart, place);
    },
  });
}

/** The record that an address names. */
async function recordOf(link: Link, param: Readonly<Record<string, string>>): Promise<RawRecord> {
  const { partition, offset } = param;
  return await oneRecord(await link.kafka(), topicName(param), {
    partition: Number(partition),
    offset: Number(offset),
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
