import type { Snapshot } from "./contract.ts";

/** Lists of a snapshot whose lines have a name. */
const LISTS = { topics: "topic", groups: "group", apps: "app", brokers: "broker" } as const;
type ListName = keyof typeof LISTS;
type Line = Readonly<Record<string, unknown>>;

/** What changed between two snapshots; what is left out stayed as it was. */
export interface Difference {
  /** Fields that are no list of named lines, where they changed. */
  readonly fields: Partial<Omit<Snapshot, ListName>>;
  /** Lines that are new or changed, whole. */
  readonly lines: Partial<Record<ListName, readonly Line[]>>;
  /** Names of lines that are gone. */
  readonly gone: Partial<Record<ListName, readonly (string | number)[]>>;
}

/**
 * What a page has to be told to go from one snapshot to the next; null when nothing but the time changed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Snapshot } from "./contract.ts";
 * import { applied, difference } from "./difference.ts";
 * const at = (records: number) =>
 *   ({ atMs: records, topics: [{ topic: "a", records }, { topic: "b", records: 0 }] }) as unknown as Snapshot;
 * const told = difference(at(1), at(2));
 * assert.deepEqual(told?.lines, { topics: [{ topic: "a", records: 2 }] });
 * assert.deepEqual(applied(at(1), told!), at(2));
 * ```
 */
export function difference(before: Snapshot, now: Snapshot): Difference | null {
  const told = { fields: {}, lines: {}, gone: {} } as {
    fields: Record<string, unknown>;
    lines: Partial<Record<ListName, Line[]>>;
    gone: Partial<Record<ListName, (string | number)[]>>;
  };
  let isNews = false;
  for (const name of Object.keys(now) as (keyof Snapshot)[]) {
    if (isList(name)) {
      const old = byName(name, before), fresh = byName(name, now);
      const changed = [...fresh].filter(([key, line]) => !isSame(old.get(key), line))
        .map(([, line]) => line);
      const gone = [...old.keys()].filter((key) => !fresh.has(key));
      if (changed.length > 0) told.lines[name] = changed;
      if (gone.length > 0) told.gone[name] = gone;
      isNews ||= changed.length > 0 || gone.length > 0;
    } else if (!isSame(before[name], now[name])) {
      told.fields[name] = now[name];
      isNews ||= name !== "atMs";
    }
  }
  return isNews ? told as Difference : null;
}

/** The later snapshot; lines that did not change stay the same objects, so that a page need not draw them again. */
export function applied(before: Snapshot, { fields, lines, gone }: Difference): Snapshot {
  const now: Record<string, unknown> = { ...before, ...fields };
  for (const name of Object.keys(LISTS) as ListName[]) {
    if (!lines[name] && !gone[name]) continue;
    const all = byName(name, before);
    for (const key of gone[name] ?? []) all.delete(key);
    for (const line of lines[name] ?? []) all.set(line[LISTS[name]] as string, line);
    const order = (a: Line, b: Line) => a[LISTS[name]]! < b[LISTS[name]]! ? -1 : 1;
    now[name] = [...all.values()].sort(order);
  }
  return now as unknown as Snapshot;
}

const isList = (name: string): name is ListName => name in LISTS;

function byName(name: ListName, of: Snapshot): Map<string | number, Line> {
  const lines = (of[name] ?? []) as unknown as readonly Line[];
  return new Map(lines.map((line) => [line[LISTS[name]] as string | number, line]));
}

const isSame = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);
