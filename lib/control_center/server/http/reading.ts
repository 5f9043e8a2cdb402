import { Notifier } from "../../../async/mod.ts";
import { Hono } from "hono";
import { etag } from "hono/etag";
import { bytes, type Kafka, type RawRecord, readTopic } from "../../../kafka/mod.ts";
import { brokerSettings, diskFolders, openTransactions } from "../../../kafka/engine.ts";
import { appRoutes } from "../apps/app_routes.ts";
import { SchemaReaders } from "../records/schema_readers.ts";
import { topicName } from "./changes.ts";
import { events, type SendEvent } from "./events.ts";
import {
  ANALYSED,
  type BrokerPage,
  type OpenTransactionLine,
  type RecordAnalysis,
  type RecordsPart,
  type Snapshot,
} from "../../contract.ts";
import { Analysis } from "../records/analysis.ts";
import { difference } from "../../difference.ts";
import type { Link } from "../cluster/link.ts";
import { logLanes } from "../records/lanes.ts";
import { readView, type View, wholeMs, writeNext } from "../records/place.ts";
import { contains, type LineOptions, recordLine } from "../records/record_line.ts";
import { subjectPage, Subjects } from "../schemas/schemas.ts";
import { MOST_CHARS, type PayloadOptions } from "../records/payload.ts";
import { tail } from "../records/tail.ts";
import { visible } from "../records/visible.ts";

/** Pages that may follow records at the same time. */
const TAILS = 8;
/** Small charts of one answer: as many as an address has room for. */
const MOST_RATES = 1_000;

/** Routes that only look: they change nothing, whatever is asked. */
export function reading(link: Link): Hono {
  const app = new Hono();
  // Pages ask for these again and again: an answer that they have is not sent.
  for (const path of ["/topics/:topic/lanes", "/topics/:topic/shares", "/apps/:app", "/schemas"]) {
    app.use(path, etag());
  }
  app.get("/now", async (c) => c.json(await link.now()));
  app.get("/live", (c) => events(c, link.closed, (send, gone) => follow(link, send, gone)));
  app.get("/topics/:topic/settings", async (c) => {
    const topic = topicName(c.req.param());
    const settings = await (await link.kafka()).topics.settings(topic);
    return c.json(settings.map(({ value, ...one }) => ({ ...one, value: visible(value) })));
  });
  app.route("/", recordRoutes(link));
  app.route("/", appRoutes(link));
  app.get("/rates", (c) => {
    const names = (of: string) => (c.req.queries(of) ?? []).slice(0, MOST_RATES);
    return c.json(link.history.rates({
      ...{ topics: names("topic"), groups: names("group"), brokers: names("broker") },
      ...(c.req.query("since") ? { sinceMs: wholeMs(c.req.query("since")!) } : {}),
    }));
  });
  app.get("/brokers/:broker{[0-9]{1,9}}", async (c) => {
    const kafka = await link.kafka(), broker = Number(c.req.param("broker"));
    const settings = await brokerSettings(kafka, broker);
    const folders = await diskFolders(kafka, broker);
    const page: BrokerPage = {
      settings: settings.map(({ value, ...one }) => ({ ...one, value: visible(value) })),
      folders: folders.map(({ errorCode, ...one }) => ({ ...one, isHealthy: errorCode === 0 })),
    };
    return c.json(page);
  });
  app.get("/groups/:group", (c) => {
    const since = c.req.query("since");
    return c.json(link.history.of(c.req.param("group"), since ? wholeMs(since) : undefined));
  });
  const subjects = new Subjects(link.registry);
  app.get("/schemas", async (c) => c.json(await subjects.list()));
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
  app.get("/topics/:topic/lanes", async (c) => {
    const kafka = await link.kafka();
    const topic = topicName(c.req.param()), name = (c.req.query("group") ?? "").slice(0, 300);
    const at = c.req.query("at"), { groups, topics } = await link.now();
    const edges = topics.find((one) => one.topic === topic);
    if (!edges) {
      await kafka.topics.mustBeAllowed("show", topic);
      throw new Error(`Cannot show topic "${topic}": it is not there`);
    }
    const page = name ? await link.app(name) : undefined;
    const inputs = page?.owned.flatMap((one) => one.inputs).filter((one) => one.topic === topic);
    const lanes = await logLanes(kafka, topic, {
      edges,
      group: groups.find(({ group }) => group === name),
      history: link.history.of(name),
      positionOf: (partition) =>
        inputs?.find((one) => one.partition === partition)?.position ?? null,
      bySchema: readers.of(topic),
      ...(at ? { atMs: wholeMs(at) } : {}),
    });
    return c.json(lanes);
  });
  app.get("/topics/:topic/shares", async (c) => {
    const topic = topicName(c.req.param()), { groups } = await link.now();
    const kafka = await link.kafka();
    const shares = groups.filter(({ protocol, lags }) =>
      protocol === "share" && lags.some((one) => one.topic === topic)
    );
    const topicId = await idOf(kafka, topic);
    const wanted = shares.flatMap(({ group, lags }) =>
      lags.filter((one) => one.topic === topic).map(({ partition }) => (
        { group, partition, topicId }
      ))
    );
    return c.json(await link.shares.of(kafka, wanted));
  });
  app.get("/topics/:topic/transactions", async (c) => {
    const open = await openTransactions(await link.kafka(), topicName(c.req.param()));
    return c.json(open.map(({ producerId, ...one }): OpenTransactionLine => ({
      ...{ ...one, producer: `${producerId}` },
    })));
  });
  app.get("/topics/:topic/analysis", async (c) => {
    const topic = topicName(c.req.param());
    return c.json(await analyse(await link.kafka(), topic, { bySchema: readers.of(topic) }));
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

/** The id of a topic; empty where the cluster keeps none, and so no share groups. */
async function idOf(kafka: Kafka, topic: string): Promise<string> {
  return await kafka.askCluster(`look at topic "${topic}"`, async (cluster) => {
    await cluster.refresh([topic]);
    return cluster.topic(topic)?.topicId ?? "";
  }, { topic });
}

/** Looks at the newest records of all partitions. */
async function analyse(
  kafka: Kafka,
  topic: string,
  options: PayloadOptions,
): Promise<RecordAnalysis> {
  const begin = await kafka.topics.beginOffsets(topic), end = await kafka.topics.endOffsets(topic);
  const each = Math.ceil(ANALYSED.records / Math.max(1, end.length));
  const analysis = new Analysis(), until = Date.now() + ANALYSED.ms;
  let isWhole = begin.every((first, at) => end[at]! - first <= each);
  const read = readTopic(kafka, topic, {
    ...{ from: { last: each }, key: bytes, value: bytes, timeoutMs: ANALYSED.ms },
    onDecodeError: () => analysis.addUnreadable(),
  });
  for await (const record of read) {
    analysis.add(record as RawRecord);
    if (analysis.bytes > ANALYSED.bytes || Date.now() > until) {
      isWhole = false;
      break;
    }
  }
  return { ...await analysis.result(options), isWhole };
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
  let unreadable: RawRecord | undefined;
  const read = readTopic(kafka, topic, {
    from: { offset },
    partitions: [partition],
    key: bytes,
    value: bytes,
    max: 1,
    timeoutMs: 5_000,
    onDecodeError: ({ record }) => void (unreadable ??= record),
  });
  for await (const record of read) {
    if (record.offset === offset) return record as RawRecord;
    break;
  }
  // It stands for all records of its batch.
  if (unreadable && unreadable.offset <= offset && offset < unreadable.unreadable!.nextOffset) {
    return unreadable;
  }
  throw new Error(
    `Cannot show offset ${offset} of partition ${partition}: it is not there any more`,
  );
}
