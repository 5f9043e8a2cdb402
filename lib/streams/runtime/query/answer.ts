/**
 * What a worker answers to a question about one of its application's tables.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { toBytes } from "../../state/state_key.ts";
import { storeOf, type Topology } from "../../topology/topology.ts";
import { rowOf, type TableRow } from "../tables.ts";
import { type FoundRow, NotHere, type Queries } from "./queries.ts";
import type { KeyQuery } from "./rows_of_key.ts";
import { fromWire, toWire, type WireRow } from "./wire.ts";

/** Answers the question that an address asks. @throws {QuestionError} */
export type TableQuestions = (url: URL) => Promise<{ readonly rows: readonly object[] }>;

/** A question without an answer. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";
  constructor(readonly status: 400 | 404 | 502 | 503, message: string) {
    super(message);
  }
}

/** Whether it is an answer, too. */
export function isHandled(error: unknown): error is QuestionError {
  return error instanceof QuestionError;
}

/** Answers for one worker: its own rows for `key`, those of any worker for `text`. */
export function tableQuestions(topology: Topology, queries: Queries): TableQuestions {
  return async ({ pathname, searchParams }) => {
    const [, app, table] = /^\/apps\/([^/]+)\/tables\/([^/]+)$/.exec(pathname)
      ?.map((part) => orRefuse(part, decodeURIComponent)) ?? [];
    if (app !== topology.appId) {
      throw new QuestionError(
        404,
        `Cannot answer for "${app ?? pathname}": this is a worker of "${topology.appId}"`,
      );
    }
    const range = rangeOf(searchParams), key = searchParams.get("key");
    mustHave(topology, table!);
    if (key !== null) {
      const rows = here(queries, { table: table!, key: orRefuse(key, fromWire), ...range });
      return { rows: await Promise.all(rows.map((row) => wireRow(topology, table!, row))) };
    }
    const text = searchParams.get("text");
    if (text === null) throw new QuestionError(400, 'Cannot answer without "key" or "text"');
    return { rows: await byText(topology, queries, { table: table!, text, ...range }) };
  };
}

/** @throws {QuestionError} If that part of an address cannot be read */
function orRefuse<T>(part: string, read: (part: string) => T): T {
  try {
    return read(part);
  } catch {
    throw new QuestionError(400, `Cannot read "${part.slice(0, 80)}"`);
  }
}

function here(queries: Queries, query: KeyQuery): readonly FoundRow[] {
  try {
    return queries.findHere(query);
  } catch (error) {
    throw error instanceof NotHere ? new QuestionError(503, error.message) : error;
  }
}

/** @throws {QuestionError} With the tables that there are */
function mustHave({ appId, stores }: Topology, table: string): void {
  if (stores.some(({ name }) => name === table)) return;
  const names = stores.filter(({ internal }) => !internal).map(({ name }) => name).join(", ");
  throw new QuestionError(
    404,
    `Cannot query "${appId}": it has no table "${table}" (` +
      `${names ? `there are: ${names}` : "it keeps none; give one a name"})`,
  );
}

/**
 * Looks a key up that somebody typed. It may be JSON or plain text; what the key's serde does not give back as it was
 * is not meant, and of what is left the first that has rows counts.
 */
async function byText(
  topology: Topology,
  queries: Queries,
  { table, text, ...range }: { readonly table: string; readonly text: string },
): Promise<TableRow[]> {
  const { key: serde, topic = table } = storeOf(topology, table);
  for (const candidate of [parsed(text), text]) {
    let bytes: Uint8Array | null;
    try {
      bytes = await serde.encode(candidate, topic);
      if (bytes === null || !isDeepStrictEqual(await serde.decode(bytes, topic), candidate)) {
        continue;
      }
    } catch {
      continue;
    }
    const found = await queries.find({ table, key: bytes, ...range }).catch((error) => {
      throw new QuestionError(502, (error as Error).message);
    });
    for (const { row } of found) await row.value.decode();
    if (found.length > 0) {
      return found.map(({ key, row, task }) => rowOf(storeOf(topology, table), key, row, task));
    }
  }
  return [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function wireRow(
  topology: Topology,
  table: string,
  { key, row: { value, timestamp }, task }: FoundRow,
): Promise<WireRow> {
  const spec = storeOf(topology, table);
  const bytes = await value.bytes(spec.value, spec.topic ?? table);
  return { key: toWire(toBytes(key)), value: toWire(bytes!), timestamp, task };
}

function rangeOf(params: URLSearchParams): Pick<KeyQuery, "fromMs" | "toMs"> {
  const number = (name: string) => {
    const text = params.get(name);
    if (text === null) return undefined;
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new QuestionError(400, `Cannot read "${name}=${text}" (epoch milliseconds are wanted)`);
  };
  const fromMs = number("from"), toMs = number("to");
  return { ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) };
}
