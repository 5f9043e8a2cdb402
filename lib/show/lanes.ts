import { BOX, GAP, isOffset, type Lane, laneRow, LEFT, newest, ROW } from "./lane.ts";
import { cut, short, tag } from "./markup.ts";
import { fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame } from "./theme.ts";
import { owners } from "./owners.ts";

/** A topic's partitions, and the members of the group that reads it. */
export interface Lanes {
  /** Written above, unless there is a title. */
  readonly topic: string;
  /** One lane each, from top to bottom. */
  readonly partitions: readonly Lane[];
  /** Every member, idle ones too. Left out: no group is drawn. */
  readonly members?: readonly { readonly id: string }[];
}

/** Lanes of one drawing. */
const MOST_LANES = 60;

/** How to draw lanes. */
export interface LanesOptions {
  /** Written above. @default the topic's name */
  readonly title?: string;
  /** Boxes a lane draws at most. @default 8 */
  readonly maxRecords?: number;
}

/**
 * Partitions as lanes and records as boxes in offset order; members are colour, pattern and name.
 *
 * A member without a partition is drawn as idle. The flag stands before the first record that the group
 * has not committed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lanes } from "./lanes.ts";
 * const view = lanes({
 *   topic: "rides",
 *   partitions: [{ partition: 0, owner: "a", records: [{ offset: 0, value: 7.5 }] }],
 *   members: [{ id: "a" }, { id: "b" }],
 * });
 * assert.equal(view.text, "rides\npartition 0 · read by a · 0:7.5\nidle: b");
 * ```
 */
export function lanes(data: Lanes, { title, maxRecords = 8 }: LanesOptions = {}): Picture {
  const members = (data.members ?? []).slice(0, MOST_LANES).map(({ id }) => id);
  const sorted = [...data.partitions].sort((a, b) => a.partition - b.partition);
  const more = sorted.length - MOST_LANES;
  const rows = sorted.slice(0, MOST_LANES)
    .map((lane) => ({ lane, window: newest(lane, maxRecords) }));
  const slots = Math.max(
    3,
    ...rows.map(({ window }) => window.records.length + 1 + (window.earlier > 0 ? 1 : 0)),
  );
  const paint = fills(members.length, JSON.stringify([data.topic, members]));
  const text = asText({ ...data, partitions: sorted.slice(0, MOST_LANES) }, members);
  const canvas = {
    width: LEFT + slots * (BOX + GAP) + 12,
    height: rows.length * ROW + 4,
    label: text.replaceAll("\n", "; "),
  };
  const body = drawing(
    canvas,
    paint.defs,
    ...rows.map(({ lane, window }, at) =>
      tag(
        "g",
        { transform: `translate(0 ${at * ROW})` },
        laneRow({ lane, window }, { slots, members, paint }),
      )
    ),
  );
  const people = members.length === 0 ? "" : owners(members, {
    fills: paint,
    owned: (id) => data.partitions.filter((one) => one.owner === id).map((one) => one.partition),
  });
  const flagged = data.partitions.some((lane) => isOffset(lane.committed));
  const notes = [
    ...(flagged ? ["flag: committed up to here, the group goes on at the next box"] : []),
    ...(more > 0 ? [`… and ${more.toLocaleString("en")} more partitions`] : []),
  ];
  const note = notes.length > 0 ? notes.join(" · ") : undefined;
  return picture(frame(body + people, { kind: "lanes", title: title ?? data.topic, note }), text);
}

function asText(data: Lanes, members: readonly string[]): string {
  const lines = [...data.partitions].sort((a, b) => a.partition - b.partition).map((lane) => {
    const parts = [`partition ${lane.partition}`];
    if (lane.owner !== undefined && lane.owner !== null) parts.push(`read by ${lane.owner}`);
    if (isOffset(lane.committed)) {
      parts.push(`committed ${lane.committed}`);
    }
    const shown = lane.records.slice(-10);
    const older = lane.records.length - shown.length;
    const boxes = shown.map((one) => `${one.offset}:${cut(short(one.value), 20)}`).join("  ");
    parts.push((older > 0 ? `(${older} older)  ` : "") + (boxes === "" ? "empty" : boxes));
    return parts.join(" · ");
  });
  const idle = members.filter((id) => !data.partitions.some((one) => one.owner === id));
  return [data.topic, ...lines, ...(idle.length > 0 ? [`idle: ${idle.join(", ")}`] : [])].join(
    "\n",
  );
}
