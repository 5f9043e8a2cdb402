import { Fetcher } from "../../../kafka/engine.ts";
import type { BatchHeader, LogRecord } from "../../../kafka/engine.ts";
import type { Kafka } from "../../../kafka/mod.ts";
import { deadline } from "../../../async/mod.ts";
import type { LogBox, TransactionView } from "../../contract.ts";
import { withOwnBytes } from "./own_bytes.ts";

/** What stands at an offset of a partition's log, or at several that are empty. */
export type LogEntry =
  | {
    readonly kind: "record";
    readonly record: LogRecord;
    readonly transaction: TransactionView | null;
  }
  | Exclude<LogBox, { readonly kind: "record" }>;

/** Part of a partition. `to` is exclusive. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Puts records and markers in the order of the log, and says what each transaction came to.
 *
 * A transaction whose marker stands behind the range is open: at the time at which the log ended there, it was.
 */
export function logEntries(
  headers: readonly BatchHeader[],
  records: readonly LogRecord[],
  { from, to }: LogRange,
): readonly LogEntry[] {
  const open = new Map<bigint, Writable<TransactionView>>();
  const entries: LogEntry[] = [];
  const byOffset = records.filter(({ offset }) => offset >= from && offset < to);
  let next = from, at = 0;
  const pass = (until: number) => {
    if (until > next) entries.push({ kind: "hole", from: next, to: until - 1 });
    next = Math.max(next, until);
  };
  for (const header of headers) {
    const { firstOffset, lastOffset, timestamp, marker, isTransactional } = header;
    const producer = `${header.producerId}`;
    if (firstOffset >= to) break;
    if (marker !== null && firstOffset >= from) {
      pass(firstOffset);
      const ended = open.get(header.producerId) ?? { producer, first: null, state: "open" };
      open.delete(header.producerId);
      ended.state = marker === "commit" ? "committed" : "aborted";
      entries.push({ kind: "marker", offset: firstOffset, timestamp, transaction: ended });
      next = lastOffset + 1;
      continue;
    }
    for (; byOffset[at] && byOffset[at]!.offset <= lastOffset; at++) {
      const record = byOffset[at]!;
      pass(record.offset);
      if (isTransactional && !open.has(header.producerId)) {
        open.set(header.producerId, { producer, first: record.offset, state: "open" });
      }
      const transaction = isTransactional ? open.get(header.producerId)! : null;
      entries.push({ kind: "record", record, transaction });
      next = record.offset + 1;
    }
  }
  pass(to);
  return entries;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const LONGEST_MS = 5_000;

/**
 * Reads parts of a topic's log as it stands on disk, open and aborted transactions included.
 *
 * @throws {KafkaError} If a partition cannot be read, or its leader does not answer in time.
 */
export async function readLog(
  kafka: Kafka,
  topic: string,
  ranges: ReadonlyMap<number, LogRange>,
): Promise<ReadonlyMap<number, readonly LogEntry[]>> {
  const headers = new Map<number, BatchHeader[]>(), records = new Map<number, LogRecord[]>();
  const left = new Set([...ranges].filter(([, { from, to }]) => from < to).map(([one]) => one));
  const done = Promise.withResolvers<void>();
  const reader = new Fetcher(kafka, {
    readUncommitted: true,
    maxWaitMs: 50,
    onBatches: ({ partition }, found) => {
      headers.set(partition, [...headers.get(partition) ?? [], ...found]);
    },
    onRecords: ({ partition, records: found }) => {
      records.set(partition, [...records.get(partition) ?? [], ...found.map(withOwnBytes)]);
    },
    onAnswer: (place) => {
      if ((reader.position(place) ?? 0) < ranges.get(place.partition)!.to) return;
      reader.pause(place);
      left.delete(place.partition);
      if (left.size === 0) done.resolve();
    },
  });
  if (left.size === 0) done.resolve();
  try {
    await Promise.all(
      [...left].map((partition) =>
        reader.assign({ topic, partition }, ranges.get(partition)!.from)
      ),
    );
    await deadline(
      Promise.race([done.promise, reader.failed]),
      LONGEST_MS,
      () => new Error(`Cannot read topic "${topic}": it has not answered for ${LONGEST_MS} ms`),
    );
  } finally {
    await reader.close();
  }
  return new Map(
    [...ranges].map((
      [partition, range],
    ) => [
      partition,
      logEntries(headers.get(partition) ?? [], records.get(partition) ?? [], range),
    ]),
  );
}
