/**
 * What workers ask each other, as HTTP: `GET /apps/APP/tables/TABLE?key=BYTES`, answered with rows in bytes.
 *
 * @module
 */
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
export interface QueryAnswer {
  readonly rows?: readonly WireRow[];
  readonly message?: string;
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
