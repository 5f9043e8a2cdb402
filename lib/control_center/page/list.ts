// Lists: find, sort, and only as many rows as somebody has scrolled to.
import { type RateHistory, SAMPLE_EVERY_MS } from "../contract.ts";
import { joined } from "./join_history.ts";
import { type Markup, useEffect, useRef, useState } from "./preact.ts";
import { ask, html, useAsked, valueOf } from "./parts.ts";
import { useRemembered } from "./place.ts";

/** What a column is sorted by. */
export type SortKey = string | number | null;
/** A column: its heading, and what it is sorted by; numbers stand at the right and their largest comes first. */
export interface Column<T> {
  readonly name: string;
  readonly words: string;
  readonly isNumber?: boolean;
  readonly by?: (row: T) => SortKey;
}

/**
 * Rows in the order of a column; `-name` turns it round. What is not known comes last.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sorted } from "./list.ts";
 * const columns = [
 *   { name: "name", words: "Name", by: ({ name }: { name: string }) => name },
 *   { name: "lag", words: "Lag", by: ({ lag }: { lag: number | null }) => lag },
 * ];
 * const rows = [{ name: "t-10", lag: 2 }, { name: "t-9", lag: null }, { name: "t-1", lag: 30 }];
 * const order = (by: string) => sorted(rows, columns, by).map(({ name }) => name);
 * assert.deepEqual(order("name"), ["t-1", "t-9", "t-10"]);
 * assert.deepEqual(order("-lag"), ["t-1", "t-10", "t-9"]);
 * assert.deepEqual(order("lag"), ["t-10", "t-1", "t-9"]);
 * ```
 */
export function sorted<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  order: string,
): readonly T[] {
  const name = order.replace(/^-/, ""), turn = order.startsWith("-") ? -1 : 1;
  const by = columns.find((one) => one.name === name)?.by;
  if (!by) return rows;
  const collator = new Intl.Collator("en", { numeric: true });
  return rows.toSorted((a, b) => {
    const one = by(a), other = by(b);
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return turn *
      (typeof one === "number" && typeof other === "number"
        ? one - other
        : collator.compare(String(one), String(other)));
  });
}

/** Rows shown at first, and added when somebody comes to the end of them. */
const CHUNK = 100;

export interface ListProps<T> {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  /** Order at first. */
  readonly first: string;
  readonly draw: (row: T) => Markup;
  readonly nothing: Markup;
  /** What can be found, such as "a topic"; its name is what {@link keyOf} gives. */
  readonly what: string;
  /** Fewer rows than this need no field to find in. @default 0 */
  readonly findFrom?: number;
  /** Stands beside the field to find in. */
  readonly children?: Markup;
  readonly onShown?: (names: readonly string[]) => void;
}

/** A list with a field to find in and columns to sort by; both stay in the address. */
export function List<T>(
  { rows, columns, keyOf, first, draw, nothing, what, findFrom = 0, children, onShown }: ListProps<
    T
  >,
) {
  const [wanted, setWanted] = useRemembered("find");
  const [order, setOrder] = useRemembered("sort", first);
  const [most, setMost] = useState(CHUNK);
  const end = useRef<HTMLElement>(null);
  const low = wanted.toLowerCase();
  const found = sorted(
    rows.filter((one) => keyOf(one).toLowerCase().includes(low)),
    columns,
    order,
  );
  const shown = found.slice(0, most);
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => {
      if (entry!.isIntersecting) setMost((old) => old + CHUNK);
    }, { rootMargin: "400px" });
    watch.observe(end.current!);
    return () => watch.disconnect();
  }, [shown.length]);
  const names = shown.map(keyOf).join("\n");
  useEffect(() => onShown?.(names === "" ? [] : names.split("\n")), [names]);
  return html`
    ${(rows.length >= findFrom || wanted !== "") && html`
      <div class="row">
        <label class="grow">Find ${what}<input type="search" value=${wanted} onInput=${(
          event: Event,
        ) => setWanted(valueOf(event))} /></label>
        ${children}
      </div>
    `}
    <div class="scroll">
      <table class="stack">
        <thead>
          <tr>${columns.map((one) =>
            html`<${Heading} column=${one} order=${order} set=${setOrder} />`
          )}</tr>
        </thead>
        <tbody>${shown.map((one) => draw(one))}</tbody>
      </table>
    </div>
    <div ref=${end}>${shown.length < found.length &&
      html`<p class="soft">${shown.length} of ${found.length} shown</p>`}</div>
    ${found.length === 0 &&
      html`<p class="soft">${
        wanted === "" ? nothing : `Nothing here has “${wanted}” in its name.`
      }</p>`}
  `;
}

interface HeadingProps {
  readonly column: Column<never>;
  readonly order: string;
  readonly set: (order: string) => void;
}

function Heading({ column: { name, words, isNumber, by }, order, set }: HeadingProps) {
  const isUp = order === name, isDown = order === `-${name}`;
  const next = isNumber ? isDown ? name : `-${name}` : isUp ? `-${name}` : name;
  return html`<th class=${isNumber ? "num" : ""} aria-sort=${
    isUp ? "ascending" : isDown ? "descending" : undefined
  }>${
    by
      ? html`
        <button class="sort"
          onClick=${() => set(next)}>${words}<span aria-hidden="true">${isUp
            ? " ↑"
            : isDown
            ? " ↓"
            : ""}</span></button>
      `
      : words
  }</th>`;
}

/** An address has an end: as many names as fit into it. */
const CHARS = 50_000;

/** What is remembered of these topics, groups or brokers, brought up to date every five seconds. */
export function useRates(
  of: "topic" | "group" | "broker",
  names: readonly string[],
): RateHistory | undefined {
  const all = new URLSearchParams(names.map((name) => [of, name])).toString();
  const query = all.slice(0, CHARS).replace(all.length > CHARS ? /&[^&]*$/ : "", "");
  return useAsked<RateHistory>({
    of: query,
    everyMs: SAMPLE_EVERY_MS,
    look: async (known) => {
      const since = known?.atMs.at(-1);
      const fresh = await ask<RateHistory>(`/rates?${query}${since ? `&since=${since}` : ""}`);
      return known ? joined(known, fresh) : fresh;
    },
  }).value;
}
