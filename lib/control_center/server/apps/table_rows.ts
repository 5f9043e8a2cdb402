import { Fetcher, type LogRecord } from "../../../kafka/engine.ts";
import { type Kafka } from "../../../kafka/mod.ts";
import { sleep } from "../../../async/mod.ts";
import type { TablePart, TableRow } from "../../contract.ts";
import { payload, type SchemaReader } from "../records/payload.ts";

/** What is read, and how. */
export interface TableOptions {
  /** The topic that keeps the rows. */
  readonly changelog: string;
  /** Only rows whose key or value contains this, in any case. */
  readonly find?: string;
  readonly bySchema: SchemaReader;
  /** Resolves when the page can take more. */
  readonly onPart: (part: TablePart) => Promise<void>;
  readonly signal: AbortSignal;
}

const MOST = { records: 20_000, rows: 5_000, bytes: 64 * 2 ** 20, shown: 100 };
const TELL_EVERY_MS = 500;

interface Kept extends Pick<LogRecord, "key" | "value" | "timestamp"> {
  readonly partition: number;
  line?: Promise<TableRow>;
}

/**
 * Follows a table's changelog for a page: the newest value of every key, as far as memory is meant to go.
 *
 * @returns When `signal` is aborted.
 */
export async function tableRows(kafka: Kafka, options: TableOptions): Promise<void> {
  const { changelog: topic, signal } = options;
  const begin = await kafka.topics.beginOffsets(topic), end = await kafka.topics.endOffsets(topic);
  const each = Math.ceil(MOST.records / Math.max(1, end.length));
  const start = end.map((end, at) => Math.max(begin[at]!, end - each));
  const rows = new NewestRows();
  let isWhole = start.every((offset, at) => offset === begin[at]), hasNews = true;
  const reader = new Fetcher(kafka, {
    maxWaitMs: 250,
    onRecords: ({ partition, records }) => {
      hasNews = true;
      for (const record of records) {
        rows.add(record, partition);
        if (rows.dropOldest() || record.unreadable) isWhole = false;
      }
    },
  });
  try {
    await Promise.all(
      start.map((offset, partition) => reader.assign({ topic, partition }, offset)),
    );
    const isThere = () =>
      end.every((end, partition) => (reader.position({ topic, partition }) ?? 0) >= end);
    while (!signal.aborted) {
      await Promise.race([sleep(isThere() ? TELL_EVERY_MS : 50, signal), reader.failed]);
      if (!hasNews || !isThere() || signal.aborted) continue;
      hasNews = false;
      const { all } = rows;
      await options.onPart({ ...await shown(all, options), read: all.length, isWhole });
    }
  } finally {
    await reader.close();
  }
}

/** The newest value of every key, as many as there is room for. */
export class NewestRows {
  readonly #rows = new Map<string, Kept>();
  #bytes = 0;

  /** The one that changed last stands last. */
  get all(): readonly Kept[] {
    return [...this.#rows.values()];
  }

  add({ key, value, timestamp }: LogRecord, partition: number): void {
    if (key === null) return;
    let name = `${partition} `;
    for (const byte of key) name += String.fromCharCode(byte);
    // Taken out first: a map keeps the order in which keys came in.
    this.#remove(name);
    if (value === null) return;
    this.#rows.set(name, { key: key.slice(), value: value.slice(), timestamp, partition });
    this.#bytes += key.length + value.length;
  }

  /** @returns Whether there was too much. */
  dropOldest(): boolean {
    const isFull = () => this.#rows.size > MOST.rows || this.#bytes > MOST.bytes;
    if (!isFull()) return false;
    for (const name of this.#rows.keys()) {
      if (!isFull()) break;
      this.#remove(name);
    }
    return true;
  }

  #remove(name: string): void {
    const kept = this.#rows.get(name);
    if (kept === undefined) return;
    this.#rows.delete(name);
    this.#bytes -= kept.key!.length + kept.value!.length;
  }
}

async function shown(
  rows: readonly Kept[],
  { find = "", bySchema }: TableOptions,
): Promise<Pick<TablePart, "rows" | "matching">> {
  const newest = rows.toReversed(), wanted = find.toLowerCase();
  const lines: TableRow[] = [];
  let matching = wanted === "" ? newest.length : 0;
  for (const kept of newest) {
    if (wanted === "" && lines.length === MOST.shown) break;
    const line = await (kept.line ??= lineOf(kept, bySchema));
    const texts = [line.key.text, line.value.text];
    if (!texts.some((text) => text.toLowerCase().includes(wanted))) continue;
    if (wanted !== "") matching++;
    if (lines.length < MOST.shown) lines.push(line);
  }
  const byKey = new Intl.Collator("en", { numeric: true });
  return { rows: lines.sort((a, b) => byKey.compare(a.key.text, b.key.text)), matching };
}

async function lineOf(
  { key, value, timestamp, partition }: Kept,
  bySchema: SchemaReader,
): Promise<TableRow> {
  return {
    key: await payload(key, { bySchema }),
    value: await payload(value, { bySchema }),
    timestamp,
    partition,
  };
}
