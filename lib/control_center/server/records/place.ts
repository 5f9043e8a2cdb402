import { READ_AS, type ReadAs } from "../../contract.ts";

/** Where somebody wants to see records from, and which. */
export interface View {
  readonly from:
    | "live"
    | "begin"
    | { readonly offset: number }
    | { readonly timestampMs: number }
    /** So many of each partition before its end. */
    | { readonly newest: number }
    /** Next offset by partition: goes on exactly there. */
    | { readonly next: ReadonlyMap<number, number> };
  /** @default all */
  readonly partition?: number;
  /** Only records before the first one of this time, in each partition. */
  readonly untilMs?: number;
  /** Only records whose key, value or header contains this, in any case; or with a field: `vendorId = 2`. */
  readonly filter?: string;
  /** Also records of open and aborted transactions, and the markers that end them. @default false */
  readonly uncommitted?: boolean;
  /** How values, and keys, are read. @default "auto" */
  readonly valueAs?: ReadAs;
  readonly keyAs?: ReadAs;
  /** Ends after so many records instead of passing some over. */
  readonly max?: number;
}

/**
 * Reads the query of a page that wants records.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readView } from "./place.ts";
 * assert.deepEqual(readView(new URLSearchParams("from=offset:0&partition=1&max=100")), {
 *   from: { offset: 0 }, partition: 1, max: 100,
 * });
 * assert.deepEqual(readView(new URLSearchParams("from=next:0.12_1.9")).from, { next: new Map([[0, 12], [1, 9]]) });
 * ```
 * @param most What `max` can be. @default 500
 * @throws {SyntaxError} If it is none of the known forms.
 */
export function readView(query: URLSearchParams, most: number = MOST): View {
  const partition = query.get("partition"), filter = query.get("filter"), max = query.get("max");
  const until = query.get("until");
  return {
    from: readFrom(query.get("from") ?? "live"),
    ...(partition ? { partition: whole(partition, "partition") } : {}),
    ...(until ? { untilMs: whole(until, "until") } : {}),
    ...(filter ? { filter: filter.slice(0, 200) } : {}),
    ...(query.get("transactions") ? { uncommitted: true } : {}),
    ...readAs("valueAs", query),
    ...readAs("keyAs", query),
    ...(max ? { max: Math.min(Math.max(1, whole(max, "max")), most) } : {}),
  };
}

function readAs(name: "valueAs" | "keyAs", query: URLSearchParams) {
  const found = READ_AS.find((one) => one === query.get(name));
  return found === undefined || found === "auto" ? {} : { [name]: found };
}

/** As many records as a page keeps. */
export const MOST = 500;

/** Writes the places where reading goes on, as `next:…` of a later view. */
export function writeNext(next: ReadonlyMap<number, number>): string {
  return `next:${[...next].map(([partition, offset]) => `${partition}.${offset}`).join("_")}`;
}

function readFrom(text: string): View["from"] {
  if (text === "live" || text === "begin") return text;
  const [, kind, rest = ""] = text.match(/^(offset|time|newest|next):(.{1,20000})$/) ?? [];
  if (kind === "newest") return { newest: Math.min(whole(rest, "newest"), MOST) };
  if (kind === "offset") return { offset: whole(rest, "offset") };
  if (kind === "time") return { timestampMs: whole(rest, "time") };
  if (kind !== "next") throw new SyntaxError(`Cannot read from "${text.slice(0, 80)}"`);
  return {
    next: new Map(
      rest.split("_").map((pair) => {
        const [partition = "", offset = ""] = pair.split(".");
        return [whole(partition, "partition"), whole(offset, "offset")];
      }),
    ),
  };
}

/** A time of a query. @throws {SyntaxError} If it is none. */
export function wholeMs(text: string): number {
  return whole(text, "time");
}

function whole(text: string, what: string): number {
  const number = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new SyntaxError(`Cannot use "${text.slice(0, 80)}" as ${what}: it is not a whole number`);
}
