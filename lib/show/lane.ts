import { brief, cut, escapeHtml, short, tag } from "./markup.ts";
import type { Fills } from "./pattern.ts";
import { hue } from "./theme.ts";

/** Measures of a lane, in pixels. */
export const BOX = 60, GAP = 4, HIGH = 50, ROW = 80, LEFT = 148;

/** An offset as any client writes it. */
export type Offset = number | bigint | string;

/** One record as a box. */
export interface LaneRecord {
  /** Written in the box. */
  readonly offset: Offset;
  /** Any value, cut to what fits in the box. */
  readonly key?: unknown;
  /** Any value, cut to what fits in the box; null is drawn as ∅. */
  readonly value?: unknown;
}

/** One partition: what lies in it, and how far it was read. */
export interface Lane {
  /** Its number, from 0. */
  readonly partition: number;
  /** In offset order. Only the newest are drawn when there are many. */
  readonly records: readonly LaneRecord[];
  /** Offset of the oldest record still there: tells how many records were left out. */
  readonly start?: Offset;
  /** The offset that the next record will get. */
  readonly end?: Offset;
  /** Where the group goes on reading: the first offset that is not committed. */
  readonly committed?: Offset | null;
  /** Id of the member that reads this partition. */
  readonly owner?: string | null;
}

/** Whether there is an offset at all. */
export function isOffset(offset: Offset | null | undefined): offset is Offset {
  return offset !== undefined && offset !== null;
}

/** The records of a lane that are drawn. */
export interface LaneWindow {
  readonly records: readonly LaneRecord[];
  readonly earlier: number;
}

/** The newest records that fit into `most` boxes; one box counts the older ones. */
export function newest(lane: Lane, most: number): LaneWindow {
  const first = lane.records[0];
  const unseen = isOffset(lane.start) && first !== undefined
    ? Math.max(0, Number(first.offset) - Number(lane.start))
    : 0;
  if (lane.records.length + Math.min(unseen, 1) <= most) {
    return { records: lane.records, earlier: unseen };
  }
  const records = lane.records.slice(-(most - 1));
  return { records, earlier: unseen + lane.records.length - records.length };
}

/** What all lanes of a drawing share. */
export interface LaneLook {
  readonly slots: number;
  readonly members: readonly string[];
  readonly paint: Fills;
}

/** One lane: its owner, its records, the place of the next one, and the flag of the commit. */
export function laneRow(
  { lane, window }: { readonly lane: Lane; readonly window: LaneWindow },
  { slots, members, paint }: LaneLook,
): string {
  const at = lane.owner === undefined || lane.owner === null ? -1 : members.indexOf(lane.owner);
  const shift = window.earlier > 0 ? 1 : 0;
  const x = (slot: number) => LEFT + 6 + slot * (BOX + GAP);
  const boxes = window.records.map((record, index) => box(record, x(index + shift), lane));
  const next = x(window.records.length + shift);
  return [
    tag("rect", {
      x: LEFT - 4,
      y: 8,
      width: slots * (BOX + GAP) + 8,
      height: ROW - 16,
      rx: 9,
      fill: "var(--taxi-wash)",
      stroke: "var(--taxi-line)",
    }),
    ownerBand(lane, at, paint),
    window.earlier > 0 ? earlier(window.earlier, x(0)) : "",
    ...boxes,
    ending(lane, next),
    flag(lane, window, { x, shift }),
  ].join("");
}

function ownerBand(lane: Lane, at: number, paint: Fills): string {
  const read = lane.owner === undefined || lane.owner === null ? "" : cut(lane.owner, 15);
  return [
    at < 0 ? "" : tag("rect", {
      x: 1,
      y: 8,
      width: 12,
      height: ROW - 16,
      rx: 4,
      fill: paint.fill(at),
      stroke: hue(at),
      "stroke-width": 1.5,
    }),
    tag(
      "text",
      { x: 20, y: 37, "font-size": 13, "font-weight": 600 },
      `partition ${lane.partition}`,
    ),
    tag(
      "text",
      { x: 20, y: 54, "font-size": 11.5, class: "soft" },
      read === "" ? "" : `read by ${escapeHtml(read)}`,
    ),
  ].join("");
}

function box(record: LaneRecord, x: number, lane: Lane): string {
  const read = isOffset(lane.committed) && Number(record.offset) < Number(lane.committed);
  const key = record.key === undefined || record.key === null ? "" : brief(record.key);
  const value = record.value === null ? "∅" : brief(record.value);
  // The key gets what the offset's digits leave of the line.
  const room = Math.min(5, Math.floor((BOX - 17 - 6.5 * String(record.offset).length) / 6.6));
  const shown = room > 0 ? cut(key, room) : "";
  const spoken = `offset ${record.offset}${key === "" ? "" : `, key ${key}`}, value ${
    short(record.value)
  }${read ? ", committed" : ""}`;
  return tag(
    "g",
    { transform: `translate(${x} 15)` },
    tag("title", {}, escapeHtml(spoken)),
    tag("rect", {
      width: BOX,
      height: HIGH,
      rx: 6,
      fill: read ? "none" : "var(--taxi-page)",
      stroke: read ? "var(--taxi-line)" : "var(--taxi-soft)",
    }),
    tag("text", { x: 7, y: 15, "font-size": 10.5, class: "mono soft" }, String(record.offset)),
    shown === "" || shown === "…" ? "" : tag(
      "text",
      { x: BOX - 7, y: 15, "font-size": 10.5, "text-anchor": "end", class: "soft" },
      escapeHtml(shown),
    ),
    tag(
      "text",
      {
        x: BOX / 2,
        y: 36,
        "font-size": 13,
        "text-anchor": "middle",
        class: read ? "mono soft" : "mono",
      },
      escapeHtml(cut(value, 8)),
    ),
  );
}

function earlier(count: number, x: number): string {
  return tag(
    "g",
    { transform: `translate(${x} 15)` },
    tag(
      "text",
      { x: BOX / 2, y: 22, "font-size": 16, "text-anchor": "middle", class: "soft" },
      "⋯",
    ),
    tag(
      "text",
      { x: BOX / 2, y: 38, "font-size": 11, "text-anchor": "middle", class: "soft" },
      `${count.toLocaleString("en")} older`,
    ),
  );
}

function ending(lane: Lane, x: number): string {
  const last = lane.records.at(-1);
  const end = lane.end ?? (last === undefined ? undefined : Number(last.offset) + 1);
  if (end === undefined) {
    const place = { x: x + 14, y: 44, "font-size": 12, class: "soft" };
    return tag("text", place, "no records");
  }
  return tag(
    "g",
    { transform: `translate(${x} 15)` },
    tag("title", {}, `the next record gets offset ${end}`),
    tag("rect", {
      width: BOX,
      height: HIGH,
      rx: 6,
      fill: "none",
      stroke: "var(--taxi-soft)",
      "stroke-dasharray": "3 4",
      opacity: 0.7,
    }),
    tag("text", { x: 7, y: 15, "font-size": 10.5, class: "mono soft" }, String(end)),
    tag(
      "text",
      { x: BOX / 2, y: 36, "font-size": 11, "text-anchor": "middle", class: "soft" },
      "next",
    ),
  );
}

function flag(
  lane: Lane,
  window: LaneWindow,
  { x, shift }: { readonly x: (slot: number) => number; readonly shift: number },
): string {
  if (!isOffset(lane.committed)) return "";
  const before = window.records.findIndex((one) => Number(one.offset) >= Number(lane.committed));
  const slot = before < 0 ? window.records.length : before;
  const place = x(slot + shift) - GAP / 2;
  return tag(
    "g",
    {},
    tag("title", {}, `committed: the group goes on at offset ${lane.committed}`),
    tag("path", {
      d: `M${place},2V${ROW - 8}`,
      stroke: "var(--taxi-good)",
      "stroke-width": 2,
      fill: "none",
    }),
    tag("path", {
      d: `M${place},1h13l-4,4.5l4,4.5h-13z`,
      fill: "var(--taxi-good)",
    }),
  );
}
