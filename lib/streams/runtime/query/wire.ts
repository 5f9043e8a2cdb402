/**
 * What workers ask each other, as HTTP: `GET /apps/APP/tables/TABLE?key=BYTES`, answered with rows in bytes.
 *
 * @module
 */
import { bodyText } from "../../../async/mod.ts";
import type { KeyQuery } from "./rows_of_key.ts";

/** A row in bytes. */
export interface WireRow {
  /** The state key, base64url. */
  readonly key: string;
  /** As the table's value serde encodes it, base64url. */
  readonly value: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly task: string;
}

/** What a worker answers: rows, or why there are none. */
export interface QueryAnswer<R> {
  readonly rows?: readonly R[];
  readonly message?: string;
}

/** Most that an answer may have: more than the windows of any key. */
const LONGEST_ANSWER_BYTES = 64 * 2 ** 20;

/**
 * Reads a worker's answer. The address may belong to another server: everybody who may write to the status topic of an
 * application can publish one there.
 *
 * @param isRow Whether this is a row, as it was asked for.
 * @throws {LongAnswerError} If it is longer than 64 MB: it might never end.
 * @throws {SyntaxError} If no worker answers so.
 */
export async function readAnswer<R>(
  response: Response,
  isRow: (row: unknown) => row is R,
): Promise<QueryAnswer<R>> {
  const text = await bodyText(response, LONGEST_ANSWER_BYTES);
  const { rows, message } = Object(JSON.parse(text)) as QueryAnswer<unknown>;
  if (!response.ok) return typeof message === "string" ? { message } : {};
  if (!Array.isArray(rows) || !rows.every(isRow)) throw new SyntaxError("no worker answers so");
  return { rows };
}

/** Whether it is a row in bytes. */
export function isWireRow(row: unknown): row is WireRow {
  const { key, value } = Object(row) as Partial<WireRow>;
  return typeof key === "string" && typeof value === "string";
}

/** Bytes as text for addresses and JSON. */
export function toWire(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {SyntaxError} If the text is no base64url */
export function fromWire(text: string): Uint8Array {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}

/** The address of a question for a worker's own rows. */
export function queryUrl(server: string, app: string, query: KeyQuery): string {
  const url = tableUrl(server, app, query.table);
  url.searchParams.set("key", toWire(query.key));
  if (query.fromMs !== undefined) url.searchParams.set("from", `${query.fromMs}`);
  if (query.toMs !== undefined) url.searchParams.set("to", `${query.toMs}`);
  return url.href;
}

/** The address of a table. */
export function tableUrl(server: string, app: string, table: string): URL {
  return new URL(`/apps/${encodeURIComponent(app)}/tables/${encodeURIComponent(table)}`, server);
}
