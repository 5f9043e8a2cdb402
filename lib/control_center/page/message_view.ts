// What is shown of a topic: as the address says it, and as this browser remembers it.
import { READ_AS, type ReadAs } from "../contract.ts";
import { readPlace, rememberPlace } from "./place.ts";
import { PAGE, type View } from "./record_stream.ts";

/** Records of all partitions together that a topic opens with. */
const NEWEST = 50;

/** Shows something else. */
export type Show = (changes: Partial<View>) => void;

/** The end of a topic: its newest records, then what comes. */
export const live = (partitions: number) => ({
  from: `newest:${Math.ceil(NEWEST / Math.max(1, partitions))}`,
  max: undefined,
  order: "newest" as const,
});

/** A way of reading bytes; `auto` for what is none. */
export const asOf = (name: string | null): ReadAs => READ_AS.find((one) => one === name) ?? "auto";

/** What the address says; how bytes are read is remembered for each topic. */
export function firstView(topic: string, partitions: number): View {
  const query = readPlace(location.hash)?.query ?? new URLSearchParams();
  const from = query.get("from");
  const remembered = (name: string) =>
    asOf(query.get(name) ?? localStorage.getItem(`${name} ${topic}`));
  return {
    ...(from ? { from, max: PAGE, order: "oldest" as const } : live(partitions)),
    partition: query.get("partition") ?? "",
    filter: query.get("filter") ?? "",
    until: from ? query.get("until") ?? "" : "",
    transactions: query.has("transactions"),
    keyAs: remembered("keyAs"),
    valueAs: remembered("valueAs"),
    id: 0,
  };
}

/** Filters of a topic that this browser offers again. */
const FILTERS = 10;

/** Filters of a topic that were used before, the last first. */
export function filtersOf(topic: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`filters ${topic}`) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // Something else wrote there.
  }
}

/** Writes a view into the address, and keeps what belongs to the topic. */
export function remember(topic: string, view: View): void {
  const { from, until, partition, filter, order, transactions } = view;
  rememberPlace({
    from: order === "oldest" ? from : undefined,
    until,
    partition,
    filter,
    transactions: transactions ? "1" : undefined,
    open: undefined,
  });
  if (filter) {
    const before = filtersOf(topic).filter((one) => one !== filter);
    localStorage.setItem(`filters ${topic}`, JSON.stringify([filter, ...before].slice(0, FILTERS)));
  }
  for (const name of ["keyAs", "valueAs"] as const) {
    const key = `${name} ${topic}`;
    if (view[name] === "auto") localStorage.removeItem(key);
    else localStorage.setItem(key, view[name]);
  }
}
